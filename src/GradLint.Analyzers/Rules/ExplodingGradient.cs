using GradLint.Analyzers.Framework;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL1002: a gradient predicted to explode, by a cause that no rule on initialisers names.</summary>
public sealed class ExplodingGradient : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ExplodingGradient,
        "Gradient explodes",
        "Gradient reaching '{0}' is predicted to be {1} of the one at '{2}'; lower the initial scale, add normalization, or scale the residual branches",
        RuleCategory.Activation,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ExplodingGradient));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var (graph, prediction, band) = (context.Graph, context.Prediction, context.Band());
        if (!prediction.IsKnown || prediction.HeadParameter is not { } head || band.Exploding(graph, prediction) is not { } exploding)
            return;
        if (ScaleRemedy.ForHandWrittenScales(graph, exploding, band, context.PredictionOptions) is not null)
            return;
        var remedies = Counterfactuals.For(graph, exploding.Index, band, context.PredictionOptions, context.Options.PreferredActivation);
        var layer = graph.Parameters[exploding.Index];
        context.Report(
            Rule, ModelFindings.Places([layer.Origin]), RemedyProperties.Of(exploding, remedies.InitializationFirst()),
            ModelFindings.LayerPath(layer.Path), exploding.RatioText(), ModelFindings.LayerPath(graph.Parameters[head].Path));
    }
}
