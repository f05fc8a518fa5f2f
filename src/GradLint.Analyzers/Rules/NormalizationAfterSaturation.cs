using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL4002: a norm that follows a saturating activation, where it comes too late to keep the activation out of saturation.</summary>
public sealed class NormalizationAfterSaturation : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.NormalizationAfterSaturation,
        "Normalization follows the saturating activation",
        "{0} follows {1}: normalized before it, the activation stays out of saturation",
        RuleCategory.Architecture,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.NormalizationAfterSaturation));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var group in graph.Nodes.Where(IsLate).GroupBy(n => n.Construction.Token))
        {
            var node = group.First();
            context.Report(
                Rule, [.. new[] { node.Construction, graph.Nodes[node.Inputs[0].Node].Construction, node.Use }.Select(origin => origin.Token).OfType<Location>()], ImmutableDictionary<string, string?>.Empty,
                node.Path is null ? node.Kind : $"{node.Kind} '{node.Path}'", graph.Nodes[node.Inputs[0].Node].Kind);
        }

        bool IsLate(GraphNode node) =>
            LayerTable.Has(node.Kind, LayerTraits.Normalizing) && node.Kind != LayerKind.Normalize && node.Inputs.Count > 0 && !LayerTable.Has(node.Kind, LayerTraits.Attention)
            && LayerTable.Has(graph.Nodes[node.Inputs[0].Node].Kind, LayerTraits.Activation | LayerTraits.Saturating)
            && graph.Nodes[node.Inputs[0].Node].Inputs.Any(before => FittingInitialization.IsPlainWeighted(graph.Nodes[before.Node].Kind));
    }
}
