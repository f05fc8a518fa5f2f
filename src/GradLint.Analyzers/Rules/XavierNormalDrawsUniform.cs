using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL2005: TorchSharp's xavier_normal_ calls the uniform initialiser (up to 0.107).</summary>
public sealed class XavierNormalDrawsUniform : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.XavierNormalDrawsUniform,
        "Initializer xavier_normal_ draws from a uniform distribution",
        "xavier_normal_ draws '{0}' from a uniform distribution in TorchSharp up to 0.107; for a normal one use normal_ with std = gain * sqrt(2 / (fan_in + fan_out))",
        RuleCategory.Initialization,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.XavierNormalDrawsUniform));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        if (!context.HasKnownFaults)
            return;
        var graph = context.Graph;
        foreach (var group in graph.Parameters.Where(p => p.Initialization is { Kind: InitializerKind.XavierNormal, IsExplicit: true }).GroupBy(p => p.Initialization.Origin.Token))
        {
            context.Report(
                Rule, ModelFindings.Places(group.Select(p => p.Initialization.Origin)), ImmutableDictionary<string, string?>.Empty, group.First().Path);
        }
    }
}
