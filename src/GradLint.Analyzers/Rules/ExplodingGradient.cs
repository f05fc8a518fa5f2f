using GradLint.Analyzers.Framework;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL1002: a gradient predicted to explode, or a signal to overflow, by a cause that no rule on initialisers names.</summary>
public sealed class ExplodingGradient : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ExplodingGradient,
        "Gradient explodes",
        "{0}; lower the initial scale, add normalization, or scale the residual branches",
        RuleCategory.Activation,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ExplodingGradient));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        if (context.Fault is not { Kind: not GradientFaultKind.Vanishing, Cause: not (GradientCause.HandWrittenScale or GradientCause.MismatchedInitializer) } fault)
            return;
        var layer = fault.Layer is { } overflowing ? context.Graph.Nodes[overflowing.Node].Construction : context.Graph.Parameters[fault.Parameter.Index].Origin;
        context.Report(
            Rule, context.SeverityOf(Rule, fault.Parameter), ModelFindings.Places([layer]), RemedyProperties.Of(fault.Parameter, fault.Remedies.InitializationFirst()), context.Describe(fault));
    }
}
