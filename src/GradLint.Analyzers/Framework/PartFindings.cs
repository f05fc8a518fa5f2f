using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Analyzers.Framework;

/// <summary>
/// What is found in the parts that a model is made of: module types, and methods that make a <c>Sequential</c>. A model is read with
/// all its parts, and a part is a model too: what lies wholly in one part, and is found there, is that part's finding alone.
/// </summary>
/// <param name="whole">The type of the model.</param>
/// <param name="compilation">The program.</param>
/// <param name="types">TorchSharp's types.</param>
/// <param name="findingsOf">Runs the rules over a part: the declaration of a module type, or of a member of another type.</param>
/// <param name="cancellationToken">Ends the look-up.</param>
internal sealed class PartFindings(
    INamedTypeSymbol whole, Compilation compilation, KnownTypes types, Func<MemberDeclarationSyntax, IReadOnlyList<Diagnostic>> findingsOf, CancellationToken cancellationToken)
{
    private readonly Dictionary<MemberDeclarationSyntax, IReadOnlyList<Diagnostic>> _known = [];

    /// <summary>Whether one part has a finding of the same rule at the same places.</summary>
    public bool Have(Diagnostic diagnostic)
    {
        // The last additional location is the root of the model, the others are the places of the finding.
        var places = diagnostic.AdditionalLocations.Take(Math.Max(diagnostic.AdditionalLocations.Count - 1, 0)).ToArray();
        if (places.Length == 0 || PartWith(places[0]) is not { } part || !places.All(place => place.SourceTree == part.SyntaxTree && part.Span.Contains(place.SourceSpan)))
            return false;
        if (!_known.TryGetValue(part, out var findings))
            _known[part] = findings = findingsOf(part);
        return findings.Any(finding => finding.Id == diagnostic.Id && finding.AdditionalLocations.Any(places.Contains));
    }

    /// <summary>The module type that holds the place, if it is another than the model's; outside of module types, the member.</summary>
    private MemberDeclarationSyntax? PartWith(Location place)
    {
        if (place.SourceTree is not { } tree) return null;
        var model = SourceOperations.Of(compilation).Model(tree);
        MemberDeclarationSyntax? member = null;
        foreach (var node in tree.GetRoot(cancellationToken).FindNode(place.SourceSpan).AncestorsAndSelf())
        {
            if (node is ClassDeclarationSyntax declaration && model.GetDeclaredSymbol(declaration, cancellationToken) is INamedTypeSymbol type && types.IsModule(type))
                return type.IsAbstract || SymbolEqualityComparer.Default.Equals(type, whole.OriginalDefinition) ? null : declaration;
            if (node is BaseMethodDeclarationSyntax or PropertyDeclarationSyntax or FieldDeclarationSyntax)
                member ??= (MemberDeclarationSyntax)node;
        }

        return member;
    }
}
