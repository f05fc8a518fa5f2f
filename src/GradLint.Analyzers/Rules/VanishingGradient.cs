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
        "Gradient reaching '{0}' is predicted to be {1} of the one at '{2}' ({3}); {4} would make it {5}",
        RuleCategory.Activation,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.VanishingGradient));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        if (context.Fault is not { Kind: GradientFaultKind.Vanishing, Cause: GradientCause.SaturatingActivations } fault)
            return;
        var (graph, starved, remedies) = (context.Graph, fault.Parameter, fault.Remedies);
        var chain = SaturatingChain.Behind(graph, starved.Index)!;
        var activationSites = ModelFindings.Places(chain.Activations.Select(id => graph.Nodes[id].Construction));
        var weightSites = ModelFindings.Places(chain.Weights.Select(index => graph.Parameters[index].Origin));
        context.Report(
            Rule, context.SeverityOf(Rule, starved),
            [.. activationSites, .. weightSites],
            RemedyProperties.Of(starved, remedies),
            ModelFindings.LayerPath(starved.Path), starved.RatioText(), context.HeadPath(), Describe(graph, context.Prediction, chain),
            remedies[0], GradientFormat.Ratio(remedies[0].GradientRatio));
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
