using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// The models that a module type is a part of. What stands alone nowhere has the weights that they leave it with: loaded, or
/// drawn anew in a loop over all modules.
/// </summary>
internal static class WholeModels
{
    private const int Most = 8;

    /// <summary>The outermost models with the type as a part; empty where the program also makes it on its own.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Of(INamedTypeSymbol part, Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
    {
        var outermost = new List<INamedTypeSymbol>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { part };
        var pending = new Queue<INamedTypeSymbol>([part]);
        while (pending.Count > 0 && outermost.Count < Most)
        {
            var type = pending.Dequeue();
            var wholes = ConstructionSites.Of(type, compilation, types, cancellationToken).Select(site => site.Whole).ToArray();
            if (wholes.Length == 0 || wholes.Any(whole => whole is null))
            {
                if (SymbolEqualityComparer.Default.Equals(type, part))
                    return [];
                outermost.Add(type);
                continue;
            }

            foreach (var whole in wholes.OfType<INamedTypeSymbol>().Where(seen.Add))
                pending.Enqueue(whole);
        }

        return outermost;
    }

    /// <summary>The part with the initialisation of its weights in the wholes; unknown where they differ.</summary>
    public static ModelGraph AsTheyLeave(ModelGraph part, IEnumerable<ModelGraph> wholes)
    {
        var left = wholes.SelectMany(whole => whole.Parameters)
            .ToLookup(parameter => (parameter.Origin.Token, ModelFindings.LastName(parameter.Path)), parameter => parameter.Initialization);
        return part with
        {
            Parameters = part.Parameters.Select(parameter => parameter with
            {
                Initialization = InTheWhole(parameter.Initialization, left[(parameter.Origin.Token, ModelFindings.LastName(parameter.Path))]),
            }).ToArray(),
        };
    }

    private static Initialization InTheWhole(Initialization alone, IEnumerable<Initialization> left)
    {
        var others = left.Where(other => other.Kind != alone.Kind || !Equals(other.Origin.Token, alone.Origin.Token)).ToArray();
        if (others.Length == 0)
            return alone;
        return left.All(other => other.Kind == others[0].Kind && Equals(other.Origin.Token, others[0].Origin.Token))
            ? others[0]
            : Initialization.Default(InitializerKind.Unknown);
    }
}
