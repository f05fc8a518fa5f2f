using GradLint.Analyzers.Framework;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL2001: a deep stack of the ReLU family with TorchSharp's default initialisation, whose gradient He initialisation restores.</summary>
public sealed class DefaultInitializationStarvesDepth : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.DefaultInitializationStarvesDepth,
        "Default initialization starves a deep ReLU stack",
        "Gradient reaching '{0}' is predicted to be {1} of the one at '{2}' with TorchSharp's default initialization of {3} layers; {4} initialization gives {5}",
        RuleCategory.Initialization,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.DefaultInitializationStarvesDepth));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var (graph, prediction, band) = (context.Graph, context.Prediction, context.Band());
        if (!prediction.IsKnown || prediction.HeadParameter is not { } head || band.Vanishing(graph, prediction) is not { } starved)
            return;
        if (ScaleRemedy.ForDefaults(graph, starved, band, context.PredictionOptions) is not { } remedy)
            return;
        var remedies = Counterfactuals.For(graph, starved.Index, band, context.PredictionOptions, context.Options.PreferredActivation, remedy.Weights);
        context.Report(
            Rule, context.SeverityOf(Rule, starved), graph.InitializationSites(remedy.Weights), RemedyProperties.Of(starved, remedies.InitializationFirst(), remedy.Weights),
            ModelFindings.LayerPath(starved.Path), starved.RatioText(), ModelFindings.LayerPath(graph.Parameters[head].Path),
            remedy.Weights.Count, remedy.Initializer, GradientFormat.Ratio(remedy.GradientRatio));
    }
}
