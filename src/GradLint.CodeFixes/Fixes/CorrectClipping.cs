using GradLint.Analyzers.Training;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL3002: the clipping between backward and step, or a threshold that is one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CorrectClipping))]
public sealed class CorrectClipping() : MoveStatementFix(RuleIds.IneffectiveClipping)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (!diagnostic.Properties.TryGetValue(ClipProperties.Norm, out var norm) || norm is null)
            return await base.RemediesAsync(document, diagnostic, cancellationToken).ConfigureAwait(false);
        var site = await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);
        if (site?.Node.FirstAncestorOrSelf<ArgumentSyntax>()?.Expression is not { } threshold)
            return [];
        return
        [
            Remedy.At(threshold, "threshold", $"Clip at {norm}", editor => editor.ReplaceNode(threshold, SyntaxFactory.ParseExpression(norm).WithTriviaFrom(threshold))),
        ];
    }
}
