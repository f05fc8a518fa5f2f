using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL3003: a recurrent layer, with forget gates, that is predicted to remember the whole sequence.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LengthenMemory))]
public sealed class LengthenMemory() : GradLintFix(RuleIds.ShortMemoryHorizon)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } site
            || await RecurrentForm.AtAsync(site, solution, cancellationToken).ConfigureAwait(false) is not { } form)
        {
            return [];
        }

        var after = LayerHolder.After(form.Creation, site.Model, cancellationToken);
        var current = site.Model.GetTypeInfo(form.Creation, cancellationToken).Type?.Name;
        return RecurrentFindings.Remedies(diagnostic.Properties)
            .Where(remedy => remedy.Bias is null || after is not null)
            .Where(remedy => current == $"{remedy.Layer}" || form.Allows(remedy.Layer))
            .Select(remedy => new Remedy(Key(remedy), $"{Instruction(remedy, current)}: {RecurrentFindings.Promise(diagnostic.Properties, remedy)}", async (edit, token) =>
            {
                if (current != $"{remedy.Layer}")
                    await form.ReplaceAsync(remedy.Layer, edit, token).ConfigureAwait(false);
                if (remedy.Bias is { } bias)
                    await after!(edit, ForgetGateBlock.For(QualifiedName.Module(remedy.Layer), bias), token).ConfigureAwait(false);
            }))
            .ToArray();
    }

    private static string Key(RecurrentRemedy remedy) =>
        $"{remedy.Layer}".ToLowerInvariant() + (remedy.Bias is null ? "" : remedy.Bias.Constant is null ? "_log_uniform" : "_constant");

    private static string Instruction(RecurrentRemedy remedy, string? current) => (remedy.Bias, current == nameof(LayerKind.LSTM)) switch
    {
        (null, _) => $"Use {remedy.Layer}",
        ({ } bias, true) => $"Set the forget-gate bias to {bias}",
        ({ } bias, false) => $"Use {remedy.Layer} with a forget-gate bias of {bias}",
    };
}
