using System.Runtime.CompilerServices;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>An expression that constructs a model.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Creation">What it means.</param>
/// <param name="Whole">The module type that the model is made a part of by its own code; null for a model that stands alone.</param>
internal sealed record ConstructionSite(SyntaxNode Expression, IObjectCreationOperation Creation, INamedTypeSymbol? Whole);

/// <summary>
/// Where a program constructs its models: there stand the arguments, and what is done to the weights before training.
/// Candidates are read off the syntax, once for each tree however many compilations share it.
/// </summary>
internal static class ConstructionSites
{
    private static readonly ConditionalWeakTable<SyntaxTree, ILookup<string, SyntaxNode>> Index = new();

    public static IEnumerable<ConstructionSite> Of(INamedTypeSymbol type, Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
    {
        var source = SourceOperations.Of(compilation);
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var candidate in Index.GetValue(tree, Read)[type.Name])
            {
                if (source.Operation(candidate, cancellationToken) is IObjectCreationOperation { Constructor: { } constructor } creation
                    && SymbolEqualityComparer.Default.Equals(constructor.ContainingType.OriginalDefinition, type.OriginalDefinition))
                {
                    var member = source.Model(tree).GetEnclosingSymbol(candidate.SpanStart, cancellationToken);
                    yield return new(candidate, creation, Whole: member is { IsStatic: false } && types.IsModule(member.ContainingType) ? member.ContainingType.OriginalDefinition : null);
                }
            }
        }
    }

    private static ILookup<string, SyntaxNode> Read(SyntaxTree tree) => tree.GetRoot().DescendantNodes()
        .OfType<BaseObjectCreationExpressionSyntax>()
        .Select(creation => (Name: NameOf(creation), Creation: (SyntaxNode)creation))
        .ToLookup(pair => pair.Name, pair => pair.Creation);

    private static string NameOf(BaseObjectCreationExpressionSyntax creation)
    {
        var type = creation switch
        {
            ObjectCreationExpressionSyntax named => named.Type,
            { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } } } => declaration.Type,
            { Parent: EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } } => property.Type,
            { Parent: ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } } => method.ReturnType,
            { Parent: ReturnStatementSyntax result } => result.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.ReturnType,
            _ => null,
        };
        return type switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            NullableTypeSyntax { ElementType: SimpleNameSyntax simple } => simple.Identifier.ValueText,
            _ => "",
        };
    }
}
