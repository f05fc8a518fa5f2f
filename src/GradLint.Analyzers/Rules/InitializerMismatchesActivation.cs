using GradLint.Analyzers.Framework;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL2002: an initialiser made for another activation, where the fitting one moves the gradient ratio by half a decade or more. A warning where the ratio is out of the band.</summary>
public sealed class InitializerMismatchesActivation : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.InitializerMismatchesActivation,
        "Initializer does not fit the activation",
        "Initializer of '{0}' is not made for {1}: gradient reaching '{2}' is predicted to be {3} of the one at '{4}'; {5} initialization gives {6}",
        RuleCategory.Initialization,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.InitializerMismatchesActivation));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var (graph, prediction) = (context.Graph, context.Prediction);
        var isCause = context.Fault?.Cause == GradientCause.MismatchedInitializer;
        if (!prediction.IsKnown || prediction.HeadParameter is null || (context.Fault is not null && !isCause) || ScaleRemedy.Mismatched(graph) is not { Count: > 0 } mismatched)
            return;
        var edited = Predictor.Predict(FittingInitialization.Applied(graph, mismatched), context.PredictionOptions);
        var first = isCause ? context.Fault!.Parameter : prediction.Parameters.FirstOrDefault(p => p.Index == mismatched[0].Key);
        var mended = edited.Parameters.FirstOrDefault(p => p.Index == first?.Index);
        if (!edited.IsKnown || first is null || mended is null || (!isCause && !IsBetter(first.Log10GradientRatio.Value, mended.Log10GradientRatio.Value)))
            return;
        var weights = mismatched.Select(pair => pair.Key).ToArray();
        var remedies = isCause ? context.Fault!.Remedies
            : Counterfactuals.For(graph, first.Index, context.Band(), context.PredictionOptions, context.Options.PreferredActivation, weights).Where(remedy => remedy.Recipe.IsInitialization);
        context.Report(
            Rule, isCause && !context.IsMadeUpFor(first) && !context.IsClearedByEvidence(first) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
            graph.InitializationSites(weights), RemedyProperties.Of(first, remedies.InitializationFirst(), weights),
            ModelFindings.LayerPath(graph.Parameters[mismatched[0].Key].Path), mismatched[0].Value,
            ModelFindings.LayerPath(first.Path), first.RatioText(), context.HeadPath(),
            FittingInitialization.For(mismatched[0].Value).Name, mended.RatioText());
    }

    private static bool IsBetter(double before, double after) =>
        Math.Abs(before - after) >= 0.5 && Math.Abs(after) < Math.Abs(before);
}
