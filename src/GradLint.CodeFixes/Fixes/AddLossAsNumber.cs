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
public sealed class AddLossAsNumber() : SiteFix(RuleIds.LossGraphKeptAlive, place: 0)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if ((site.Node is ArgumentSyntax argument ? argument.Expression : site.Node as ExpressionSyntax) is not { } loss)
            return [];

        // A list of tensors takes no numbers, but tensors without their graphs.
        var method = loss.Parent is ArgumentSyntax ? $"{TorchSharpNames.TensorMembers.Detach}()" : $"{TorchSharpNames.TensorMembers.Item}<float>()";
        var receiver = loss is IdentifierNameSyntax or ParenthesizedExpressionSyntax ? loss.WithoutTrivia().ToString() : $"({loss.WithoutTrivia()})";
        var number = SyntaxFactory.ParseExpression($"{receiver}.{method}");
        return
        [
            Remedy.At(loss, "item", $"Add '{number}'", editor => editor.ReplaceNode(loss, number.WithTriviaFrom(loss))),
        ];
    }
}
