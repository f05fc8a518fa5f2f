using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL4002: the norm and the activation before it change places.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NormalizeBeforeActivation))]
public sealed class NormalizeBeforeActivation() : GradLintFix(RuleIds.NormalizationAfterSaturation)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var sites = new List<CodeSite>();
        foreach (var location in diagnostic.AdditionalLocations.Take(3))
        {
            if (await CodeSite.AtAsync(document.Project.Solution, location, cancellationToken).ConfigureAwait(false) is not { } site)
                return [];
            sites.Add(site);
        }

        var (norm, activation, use) = (sites[0], sites[1], sites[2]);
        var exchange = Elements(activation.Node, norm.Node) ?? Calls(use, cancellationToken);
        return exchange is null ? [] : [new("swap", "Normalize before the activation", exchange.ApplyAsync)];
    }

    /// <summary>Neighbours in a list of layers, or in two statements that add to one.</summary>
    private static PlacedEdit? Elements(SyntaxNode activation, SyntaxNode norm)
    {
        if (activation is not ExpressionSyntax made || norm is not ExpressionSyntax other || ListElement.Around(made) is not { } first || ListElement.Around(other) is not { } second
            || first.RawKind != second.RawKind || !AreNeighbours(first, second))
        {
            return null;
        }

        return new(first, editor =>
        {
            editor.ReplaceNode(first, second.WithTriviaFrom(first));
            editor.ReplaceNode(second, first.WithTriviaFrom(second));
        });
    }

    private static bool AreNeighbours(SyntaxNode first, SyntaxNode second)
    {
        if (first.Parent == second.Parent)
        {
            var elements = first.Parent!.ChildNodes().ToArray();
            return Array.IndexOf(elements, second) == Array.IndexOf(elements, first) + 1;
        }

        return Added(first) is { } add && Added(second) is { } next && add.Callee.IsEquivalentTo(next.Callee)
            && add.Statement.Parent is BlockSyntax block && block.Statements.IndexOf(next.Statement) == block.Statements.IndexOf(add.Statement) + 1;
    }

    private static (ExpressionSyntax Callee, ExpressionStatementSyntax Statement)? Added(SyntaxNode element) =>
        element is ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1, Parent: InvocationExpressionSyntax { Parent: ExpressionStatementSyntax statement } call } } ? (call.Expression, statement) : null;

    /// <summary><c>norm.call(act.call(x))</c> becomes <c>act.call(norm.call(x))</c>, whatever form the activation has.</summary>
    private static PlacedEdit? Calls(CodeSite use, CancellationToken cancellationToken)
    {
        if (Application.At(use, cancellationToken) is not { Input: InvocationExpressionSyntax inner } norm || Application.Of(inner, use, cancellationToken) is not { } activation)
            return null;
        return new(norm.Call, editor => editor.ReplaceNode(norm.Call, activation.To(norm.To(activation.Input.WithoutTrivia()).WithoutTrivia()).WithTriviaFrom(norm.Call)));
    }
}
