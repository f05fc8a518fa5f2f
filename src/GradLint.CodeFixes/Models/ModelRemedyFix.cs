using System.Globalization;
using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// The base of the fixes of a predicted gradient: does in the code what the ranking in the diagnostic says of the model.
/// Each remedy is tried out on the side before it is offered: what results must compile, and be read as the model promised.
/// </summary>
public abstract class ModelRemedyFix(string ruleId) : GradLintFix(ruleId)
{
    protected sealed override Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken) =>
        RemediesAsync(document, diagnostic, int.MaxValue, cancellationToken);

    protected sealed override async Task<Remedy?> BestAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken) =>
        (await RemediesAsync(document, diagnostic, 1, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    private static async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, int atMost, CancellationToken cancellationToken)
    {
        if (!diagnostic.Properties.TryGetValue(FixProperties.Remedies, out var ranking) || string.IsNullOrEmpty(ranking))
            return [];
        var root = diagnostic.AdditionalLocations[diagnostic.AdditionalLocations.Count - 1];
        if (await AnalysedModel.AtAsync(document.Project.Solution, root, cancellationToken).ConfigureAwait(false) is not { } model)
            return [];

        var scope = Scope(model, diagnostic);
        var remedies = new List<Remedy>();
        foreach (var (key, promise) in ranking!.Split(FixProperties.Separator).Select(entry => (entry.Split('|')[0], entry.Split('|')[1])))
        {
            if (remedies.Count < atMost && ModelEdit.Of(RemedyRecipe.Parse(key), model.Graph, scope) is { } edit
                && await SourceEdit.PlanAsync(model, edit, cancellationToken).ConfigureAwait(false) is { } plan)
            {
                remedies.Add(new(key, $"{edit.ToInstruction()} ({promise})", plan.ApplyAsync));
            }
        }

        return remedies;
    }

    private static RemedyScope Scope(AnalysedModel model, Diagnostic diagnostic)
    {
        var weights = diagnostic.Properties.TryGetValue(FixProperties.Weights, out var listed)
            ? listed!.Split([FixProperties.Separator], StringSplitOptions.RemoveEmptyEntries).Select(Integer).ToArray()
            : null;
        return RemedyScope.Of(model.Graph, Integer(diagnostic.Properties[FixProperties.Parameter]!), weights);
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
