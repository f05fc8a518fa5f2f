using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL1001: saturating activations in a row, through which the gradient is predicted to vanish. They are the cause only
/// if another activation in their place is predicted to let the gradient through; otherwise another rule has the word.
/// </summary>
public sealed class VanishingGradient : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.VanishingGradient,
        "Gradient vanishes through saturating activations",
        "Gradient reaching '{0}' is predicted to be {1} of the one at '{2}' ({3}){4}",
        RuleCategory.Activation,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.VanishingGradient));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var (graph, prediction) = (context.Graph, context.Prediction);
        if (!prediction.IsKnown || prediction.HeadParameter is not { } head || context.Band().Vanishing(graph, prediction) is not { } starved)
            return;
        if (SaturatingChain.Behind(graph, starved.Index) is not { } chain)
            return;
        var remedies = Counterfactuals.For(graph, starved.Index, context.Band(), context.PredictionOptions, context.Options.PreferredActivation);
        if (!remedies.Any(remedy => remedy.Recipe is { Activation: not null, IsCombined: false }))
            return;

        var activationSites = ModelFindings.Places(chain.Activations.Select(id => graph.Nodes[id].Construction));
        var weightSites = ModelFindings.Places(chain.Weights.Select(index => graph.Parameters[index].Origin));
        context.Report(
            Rule, context.SeverityOf(Rule, starved),
            [.. activationSites, .. weightSites],
            RemedyProperties.Of(starved, remedies),
            ModelFindings.LayerPath(starved.Path), starved.RatioText(), ModelFindings.LayerPath(graph.Parameters[head].Path), Describe(graph, prediction, chain),
            $". {remedies[0]}: {GradientFormat.Ratio(remedies[0].GradientRatio)}");
    }

    /// <summary><c>12 Sigmoid layers, 0.14 each</c>.</summary>
    private static string Describe(ModelGraph graph, Prediction prediction, SaturatingChain chain)
    {
        var kinds = chain.Activations.Select(id => graph.Nodes[id].Kind).Distinct().ToArray();
        var layers = $"{chain.Activations.Count} {string.Join("/", kinds)} {(chain.Activations.Count == 1 ? "layer" : "layers")}";
        var gradientAt = prediction.Layers.ToDictionary(layer => layer.Node, layer => layer.Log10OutputGradientRatio.Value);
        var (first, last) = (chain.Activations[0], chain.Activations[chain.Activations.Count - 1]);
        return chain.Activations.Count > 1 && gradientAt.TryGetValue(first, out var atFirst) && gradientAt.TryGetValue(last, out var atLast)
            ? $"{layers}, {GradientFormat.Ratio(Math.Pow(10, (atFirst - atLast) / (chain.Activations.Count - 1)))} each"
            : layers;
    }
}
