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
        if (context.Fault is not { Kind: GradientFaultKind.Vanishing, Cause: GradientCause.DefaultInitialization, Scale: { } scale } fault)
            return;
        context.Report(
            Rule, context.SeverityOf(Rule, fault.Parameter), context.Graph.InitializationSites(scale.Weights), RemedyProperties.Of(fault.Parameter, fault.Remedies.InitializationFirst(), scale.Weights),
            ModelFindings.LayerPath(fault.Parameter.Path), fault.Parameter.RatioText(), context.HeadPath(),
            scale.Weights.Count, scale.Initializer, GradientFormat.Ratio(scale.GradientRatio));
    }
}
