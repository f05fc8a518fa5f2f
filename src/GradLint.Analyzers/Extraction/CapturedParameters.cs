using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// Parameters of primary constructors that become fields because members other than initialisers read them. The compiler
/// calls such a field <c>&lt;name&gt;P</c> and puts it before the declared ones; TorchSharp registers it like any other.
/// </summary>
internal sealed class CapturedParameters(SourceOperations source)
{
    private readonly Dictionary<INamedTypeSymbol, ImmutableArray<IParameterSymbol>> _known = new(SymbolEqualityComparer.Default);

    public ImmutableArray<IParameterSymbol> Of(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(type, out var captured))
            _known.Add(type, captured = Find(type, cancellationToken));
        return captured;
    }

    private ImmutableArray<IParameterSymbol> Find(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var primary = type.InstanceConstructors.FirstOrDefault(constructor =>
            constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is TypeDeclarationSyntax and not RecordDeclarationSyntax);
        if (primary is null)
            return ImmutableArray<IParameterSymbol>.Empty;

        var candidates = primary.Parameters.ToDictionary(parameter => parameter.Name);
        var captured = new HashSet<IParameterSymbol>(SymbolEqualityComparer.Default);
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            var declaration = (TypeDeclarationSyntax)reference.GetSyntax(cancellationToken);
            foreach (var name in declaration.Members.SelectMany(Bodies).SelectMany(body => body.DescendantNodes()).OfType<IdentifierNameSyntax>())
            {
                if (candidates.TryGetValue(name.Identifier.ValueText, out var parameter)
                    && SymbolEqualityComparer.Default.Equals(source.Model(name.SyntaxTree).GetSymbolInfo(name, cancellationToken).Symbol, parameter))
                    captured.Add(parameter);
            }
        }
        return primary.Parameters.Where(captured.Contains).ToImmutableArray();
    }

    /// <summary>The parts of a member that run after construction.</summary>
    private static IEnumerable<SyntaxNode> Bodies(MemberDeclarationSyntax member) => member switch
    {
        BaseMethodDeclarationSyntax method => [method],
        PropertyDeclarationSyntax property => new SyntaxNode?[] { property.AccessorList, property.ExpressionBody }.OfType<SyntaxNode>(),
        IndexerDeclarationSyntax indexer => new SyntaxNode?[] { indexer.AccessorList, indexer.ExpressionBody }.OfType<SyntaxNode>(),
        _ => [],
    };
}
