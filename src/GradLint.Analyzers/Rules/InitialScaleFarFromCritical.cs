using GradLint.Analyzers.Framework;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL2004: weights drawn at a scale written by hand, far from the one that keeps the gradient.</summary>
public sealed class InitialScaleFarFromCritical : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.InitialScaleFarFromCritical,
        "Initial scale is far from critical",
        "Gradient reaching '{0}' is predicted to be {1} of the one at '{2}' with the scale of {3} initializers written by hand; {4} initialization gives {5}",
        RuleCategory.Initialization,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.InitialScaleFarFromCritical));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var (graph, prediction, band) = (context.Graph, context.Prediction, context.Band());
        if (!prediction.IsKnown || prediction.HeadParameter is not { } head || band.Outside(graph, prediction) is not { } outside)
            return;
        if (ScaleRemedy.ForHandWrittenScales(graph, outside, band, context.PredictionOptions) is not { } remedy)
            return;
        var remedies = Counterfactuals.For(graph, outside.Index, band, context.PredictionOptions, context.Options.PreferredActivation, remedy.Weights);
        context.Report(
            Rule, context.SeverityOf(Rule, outside), graph.InitializationSites(remedy.Weights), RemedyProperties.Of(outside, remedies.InitializationFirst(), remedy.Weights),
            ModelFindings.LayerPath(outside.Path), outside.RatioText(), ModelFindings.LayerPath(graph.Parameters[head].Path),
            remedy.Weights.Count, remedy.Initializer, GradientFormat.Ratio(remedy.GradientRatio));
    }
}
