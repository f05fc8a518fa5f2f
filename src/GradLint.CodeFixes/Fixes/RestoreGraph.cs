using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;
using TensorMember = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.CodeFixes.Fixes;

/// <summary>
/// GL5003: takes what cuts the graph out of the computation of the loss: <c>.detach()</c>, a <c>no_grad()</c> around it,
/// a trip of the loss through a number. A trip through an array is not for an edit to undo.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RestoreGraph))]
public sealed class RestoreGraph() : GradLintFix(RuleIds.GraphCut)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[1], cancellationToken).ConfigureAwait(false) is not { } site
            || site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } cut
            || site.Model.GetSymbolInfo(cut, cancellationToken).Symbol is not IMethodSymbol method)
        {
            return [];
        }

        return method.Name switch
        {
            TensorMember.Detach => Detach(cut),
            TensorMember.Item => Number(cut, site, cancellationToken),
            TorchSharpNames.Functions.NoGrad or TorchSharpNames.Functions.InferenceMode => Scope(cut, method.Name),
            _ => [],
        };
    }

    private static IReadOnlyList<Remedy> Detach(InvocationExpressionSyntax cut) =>
        cut is { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Expression: { } tensor }, Parent: not ExpressionStatementSyntax }
            ? [Edit("detach", $"Remove '.{TensorMember.Detach}()'", cut, editor => editor.ReplaceNode(cut, tensor.WithTriviaFrom(cut)))]
            : [];

    /// <summary><c>tensor(loss.item&lt;float&gt;())</c> is <c>loss</c>.</summary>
    private static IReadOnlyList<Remedy> Number(InvocationExpressionSyntax cut, CodeSite site, CancellationToken cancellationToken) =>
        cut is { Expression: MemberAccessExpressionSyntax { Expression: { } tensor }, Parent: ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1, Parent: InvocationExpressionSyntax made } } }
        && site.Model.GetOperation(made, cancellationToken) is IInvocationOperation { TargetMethod.Name: TorchSharpNames.Functions.Tensor } call
        && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, site.Types.Torch)
            ? [Edit("item", $"Use '{tensor.WithoutTrivia()}' itself", made, editor => editor.ReplaceNode(made, tensor.WithTriviaFrom(made)))]
            : [];

    /// <summary><c>using var _ = no_grad();</c> goes; of <c>using (no_grad()) { … }</c> the block stays.</summary>
    private static IReadOnlyList<Remedy> Scope(InvocationExpressionSyntax cut, string name)
    {
        var title = $"Remove '{name}()'";
        switch (cut.Parent)
        {
            case UsingStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax, Statement: { } body } scope:
                return [Edit("no_grad", title, scope, editor => editor.ReplaceNode(scope, (current, _) => ((UsingStatementSyntax)current).Statement.WithTriviaFrom(current)))];
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword } declaration } } variable }
                when StatementPlace.Of(declaration) is { } place && !IsUsed(variable, place):
                return [Edit("no_grad", title, place.Node, editor => editor.RemoveNode(place.Node, SyntaxRemoveOptions.KeepUnbalancedDirectives))];
            default:
                return [];
        }
    }

    private static bool IsUsed(VariableDeclaratorSyntax variable, StatementPlace place) =>
        place.List.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variable.Identifier.ValueText);

    private static Remedy Edit(string key, string title, SyntaxNode node, Action<DocumentEditor> apply) => new(key, title, async (edit, token) =>
    {
        if (await edit.EditorAsync(node.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(node))
            apply(editor);
    });
}
