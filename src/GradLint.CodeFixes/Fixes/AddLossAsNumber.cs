using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5005: <c>total += loss.item&lt;float&gt;()</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddLossAsNumber))]
public sealed class AddLossAsNumber() : GradLintFix(RuleIds.LossGraphKeptAlive)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var site = await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);
        if (site?.Node.FirstAncestorOrSelf<AssignmentExpressionSyntax>()?.Right is not { } loss)
            return [];
        var receiver = loss is IdentifierNameSyntax or ParenthesizedExpressionSyntax ? loss.WithoutTrivia().ToString() : $"({loss.WithoutTrivia()})";
        var number = SyntaxFactory.ParseExpression($"{receiver}.{TorchSharpNames.TensorMembers.Item}<float>()");
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
