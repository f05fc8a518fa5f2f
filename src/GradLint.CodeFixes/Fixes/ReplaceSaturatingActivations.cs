using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>
/// GL1001: another activation in all of the chain, with the initialiser that fits it: with the default one, a deep
/// ReLU stack stays as untrained as the saturating one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReplaceSaturatingActivations))]
public sealed class ReplaceSaturatingActivations() : GradLintFix(RuleIds.VanishingGradient)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        var root = await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[diagnostic.AdditionalLocations.Count - 1], cancellationToken).ConfigureAwait(false);
        if (root is null)
            return [];
        var places = InitializationPlace.Of(root.Node, root.Model, cancellationToken);
        if (places.Count == 0 || await ActivationsAsync(solution, diagnostic, cancellationToken).ConfigureAwait(false) is not { } activations)
            return [];

        var keptWeights = diagnostic.Properties[FixProperties.KeptWeights]!.Split([FixProperties.Separator], StringSplitOptions.RemoveEmptyEntries);
        return diagnostic.Properties[FixProperties.Remedies]!.Split(FixProperties.Separator)
            .Select(remedy => remedy.Split('|'))
            .Select(parts => (Recipe: RemedyRecipe.Parse(parts[0]), Ratio: parts[1]))
            .Where(remedy => remedy.Recipe is { Activation: not null, IsCombined: false })
            .Select(remedy => (Activation: remedy.Recipe.Activation!.Value, Initializer: remedy.Recipe.Activation == LayerKind.SELU ? "LeCun" : "He", remedy.Ratio))
            .Where(remedy => activations.All(form => form.Allows(remedy.Activation, cancellationToken)))
            .Select(remedy => new Remedy(
                remedy.Activation.ToString().ToLowerInvariant(),
                $"Use {remedy.Activation} with {remedy.Initializer} initialization: {diagnostic.Properties[FixProperties.Ratio]} → {remedy.Ratio}",
                (edit, token) => ApplyAsync(edit, remedy.Activation, activations, places, keptWeights, token)))
            .ToArray();
    }

    /// <summary>The activations of the chain, or null when one of them is in a form that has no replacement.</summary>
    private static async Task<IReadOnlyList<ActivationForm>?> ActivationsAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var activations = new List<ActivationForm>();
        foreach (var location in diagnostic.AdditionalLocations.Take(int.Parse(diagnostic.Properties[FixProperties.ActivationSites]!)))
        {
            var site = await CodeSite.AtAsync(solution, location, cancellationToken).ConfigureAwait(false);
            if (site is null || ActivationForm.At(site, cancellationToken) is not { } form)
                return null;
            activations.Add(form);
        }

        return activations;
    }

    private static async Task ApplyAsync(
        SolutionEdit edit, LayerKind activation, IReadOnlyList<ActivationForm> forms, IReadOnlyList<InitializationPlace> places,
        IReadOnlyList<string> keptWeights, CancellationToken cancellationToken)
    {
        foreach (var form in forms)
        {
            if (await edit.EditorAsync(form.Node.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } editor)
                form.Replace(activation, edit, editor, cancellationToken);
        }

        foreach (var place in places.Where(place => edit.IsFirst(place.Node)))
        {
            if (await edit.EditorAsync(place.Node.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } editor)
                place.Insert(editor, activation, keptWeights);
        }
    }
}
