using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5003: takes <c>.detach()</c> out of the computation of the loss. What else cuts a graph is not for an edit to undo.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveDetach))]
public sealed class RemoveDetach() : GradLintFix(RuleIds.GraphCut)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var site = await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[1], cancellationToken).ConfigureAwait(false);
        if (site?.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not
            {
                ArgumentList.Arguments.Count: 0,
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: TorchSharpNames.TensorMembers.Detach, Expression: { } tensor },
                Parent: not ExpressionStatementSyntax,
            } detach)
        {
            return [];
        }

        return
        [
            new("detach", $"Remove '.{TorchSharpNames.TensorMembers.Detach}()'", async (edit, token) =>
            {
                if (await edit.EditorAsync(detach.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(detach))
                    editor.ReplaceNode(detach, tensor.WithTriviaFrom(detach));
            }),
        ];
    }
}
