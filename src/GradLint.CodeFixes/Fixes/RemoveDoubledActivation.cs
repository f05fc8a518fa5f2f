using GradLint.Analyzers.Training;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1003: the activation that the loss applies itself removed, wherever the values come through it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveDoubledActivation))]
public sealed class RemoveDoubledActivation() : GradLintFix(RuleIds.ActivationDoubledBeforeLoss)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (!diagnostic.Properties.TryGetValue(LossProperties.SourceLocations, out var text) || !int.TryParse(text, out var count))
            return [];
        var removals = new List<ActivationRemoval>();
        for (var i = 0; i + 1 < count && i + 1 < diagnostic.AdditionalLocations.Count; i += 2)
        {
            if (await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[i], cancellationToken).ConfigureAwait(false) is not { } construction
                || await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[i + 1], cancellationToken).ConfigureAwait(false) is not { } use
                || ActivationRemoval.Of(construction, use, cancellationToken) is not { } removal)
            {
                return [];
            }

            removals.Add(removal);
        }

        diagnostic.Properties.TryGetValue(LossProperties.Source, out var name);
        return
        [
            new("remove", $"Remove '{name}'", async (edit, token) =>
            {
                foreach (var removal in removals)
                    await removal.ApplyAsync(edit, token).ConfigureAwait(false);
            }),
        ];
    }
}
