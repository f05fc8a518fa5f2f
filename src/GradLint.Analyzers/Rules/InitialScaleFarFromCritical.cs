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
        "{0} with the scale of {1} written by hand; {2} initialization {3}",
        RuleCategory.Initialization,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.InitialScaleFarFromCritical));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        if (context.Fault is not { Cause: GradientCause.HandWrittenScale, Scale: { } scale } fault)
            return;
        context.Report(
            Rule, context.SeverityOf(Rule, fault.Parameter), context.Graph.InitializationSites(scale.Weights), RemedyProperties.Of(fault.Parameter, fault.Remedies.InitializationFirst(), scale.Weights),
            context.Describe(fault), scale.Weights.Count == 1 ? "a weight" : $"{scale.Weights.Count} weights", scale.Initializer,
            fault.Layer is null ? $"gives a ratio of {GradientFormat.Ratio(scale.GradientRatio)}" : "keeps it in range");
    }
}
