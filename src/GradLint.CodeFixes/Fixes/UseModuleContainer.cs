using GradLint.CodeFixes.Framework;
using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Fixes;

/// <summary>
/// GL6002: a list or array of layers made a <c>ModuleList</c>, a dictionary a <c>ModuleDict</c>: its type, its
/// construction and its uses. Offered where every use has a counterpart.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseModuleContainer))]
public sealed class UseModuleContainer() : GradLintFix(RuleIds.ModulesInPlainCollection)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var site = await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);
        if (site is null || ContainerConversion.Of(site, cancellationToken) is not { } conversion)
            return [];
        var trial = new SolutionEdit(document.Project.Solution);
        await ApplyAsync(trial, cancellationToken).ConfigureAwait(false);
        if (!await EditTrial.CompilesAsync(document.Project.Solution, trial.Changed, cancellationToken).ConfigureAwait(false))
            return [];
        return [new("container", $"Make '{conversion.Member.Name}' a {conversion.Container}", ApplyAsync)];

        async Task ApplyAsync(SolutionEdit edit, CancellationToken token)
        {
            if (await edit.EditorAsync(site.Node.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(site.Node))
                conversion.Apply(editor);
        }
    }
}
