using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Analyzers.Framework;

/// <summary>
/// What is found in the module types that a model is made of. A model is read with all its parts, and a part is a model too: what lies
/// wholly in one part, and is found there, is that part's finding alone.
/// </summary>
/// <param name="whole">The type of the model.</param>
/// <param name="compilation">The program.</param>
/// <param name="types">TorchSharp's types.</param>
/// <param name="check">Runs the rules over a part, with its declarations.</param>
/// <param name="cancellationToken">Ends the look-up.</param>
internal sealed class PartFindings(
    INamedTypeSymbol whole, Compilation compilation, KnownTypes types,
    Action<INamedTypeSymbol, IReadOnlyList<SyntaxNode>, Action<Diagnostic>> check, CancellationToken cancellationToken)
{
    private readonly Dictionary<INamedTypeSymbol, IReadOnlyList<Diagnostic>> _known = new(SymbolEqualityComparer.Default);

    /// <summary>Whether one part has a finding of the same rule at the same places.</summary>
    public bool Have(Diagnostic diagnostic)
    {
        // The last additional location is the root of the model, the others are the places of the finding.
        var places = diagnostic.AdditionalLocations.Take(Math.Max(diagnostic.AdditionalLocations.Count - 1, 0)).ToArray();
        if (places.Length == 0) return false;
        var owners = places.Select(OwnerOf).ToArray();
        return owners[0] is { } part && owners.All(owner => SymbolEqualityComparer.Default.Equals(owner, part))
            && !SymbolEqualityComparer.Default.Equals(part, whole.OriginalDefinition)
            && FindingsOf(part).Any(finding => finding.Id == diagnostic.Id && finding.AdditionalLocations.Any(places.Contains));
    }

    /// <summary>The module type whose declaration holds the place.</summary>
    private INamedTypeSymbol? OwnerOf(Location place)
    {
        if (place.SourceTree is not { } tree) return null;
        var model = SourceOperations.Of(compilation).Model(tree);
        for (var node = tree.GetRoot(cancellationToken).FindNode(place.SourceSpan); node is not null; node = node.Parent)
        {
            if (node is ClassDeclarationSyntax declaration && model.GetDeclaredSymbol(declaration, cancellationToken) is INamedTypeSymbol type)
                return types.IsModule(type) && !type.IsAbstract ? type : null;
        }

        return null;
    }

    private IReadOnlyList<Diagnostic> FindingsOf(INamedTypeSymbol part)
    {
        if (_known.TryGetValue(part, out var known)) return known;
        var found = new List<Diagnostic>();
        check(part, part.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)).ToArray(), found.Add);
        return _known[part] = found;
    }
}
