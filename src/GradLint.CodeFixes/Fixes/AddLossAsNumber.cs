using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5005: <c>total += loss.item&lt;float&gt;()</c>, <c>losses.Add(loss.detach())</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddLossAsNumber))]
public sealed class AddLossAsNumber() : GradLintFix(RuleIds.LossGraphKeptAlive)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { Node: var place }
            || (place is ArgumentSyntax argument ? argument.Expression : place as ExpressionSyntax) is not { } loss)
        {
            return [];
        }

        // A list of tensors takes no numbers, but tensors without their graphs.
        var method = loss.Parent is ArgumentSyntax ? $"{TorchSharpNames.TensorMembers.Detach}()" : $"{TorchSharpNames.TensorMembers.Item}<float>()";
        var receiver = loss is IdentifierNameSyntax or ParenthesizedExpressionSyntax ? loss.WithoutTrivia().ToString() : $"({loss.WithoutTrivia()})";
        var number = SyntaxFactory.ParseExpression($"{receiver}.{method}");
        return
        [
            new("item", $"Add '{number}'", async (edit, token) =>
            {
                if (await edit.EditorAsync(loss.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(loss))
                    editor.ReplaceNode(loss, number.WithTriviaFrom(loss));
            }),
        ];
    }
}
