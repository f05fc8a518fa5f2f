using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.CodeFixes.Models;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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

        var current = site.Model.GetTypeInfo(form.Creation, cancellationToken).Type?.Name;
        var remedies = new List<Remedy>();
        foreach (var remedy in RecurrentFindings.Remedies(diagnostic.Properties).Where(remedy => current == $"{remedy.Layer}" || form.Allows(remedy.Layer)))
        {
            if (remedy.Bias is not null && Edited(remedy).Any(layer => LayerHolder.After(layer, site.Model, cancellationToken) is null))
                continue;
            var trial = new SolutionEdit(solution);
            await ApplyAsync(remedy, trial, cancellationToken).ConfigureAwait(false);
            if (await EditTrial.CompilesAsync(solution, trial.Changed, cancellationToken).ConfigureAwait(false))
                remedies.Add(new(Key(remedy), $"{Instruction(remedy, current)}: {RecurrentFindings.Promise(diagnostic.Properties, remedy)}", (edit, token) => ApplyAsync(remedy, edit, token)));
        }

        return remedies;

        async Task ApplyAsync(RecurrentRemedy remedy, SolutionEdit edit, CancellationToken token)
        {
            if (current != $"{remedy.Layer}")
                await form.ReplaceAsync(remedy.Layer, edit, token).ConfigureAwait(false);
            foreach (var layer in remedy.Bias is null ? [] : Edited(remedy))
                await LayerHolder.After(layer, site.Model, token)!(edit, ForgetGateBlock.For(QualifiedName.Module(remedy.Layer), remedy.Bias!), token).ConfigureAwait(false);
        }

        // Where a layer of a collection is replaced, all of them are.
        IReadOnlyList<ExpressionSyntax> Edited(RecurrentRemedy remedy) => current == $"{remedy.Layer}" ? [form.Creation] : form.Creations;
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
