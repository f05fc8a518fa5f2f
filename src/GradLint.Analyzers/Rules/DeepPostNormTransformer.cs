using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL4003: a deep transformer with each norm after its residual sum.</summary>
public sealed class DeepPostNormTransformer : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.DeepPostNormTransformer,
        "Deep transformer with normalization after the residual sum",
        "{0} transformer layers normalize after the residual sum; that needs learning-rate warm-up, and normalization before attention and feed-forward does not",
        RuleCategory.Architecture,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.DeepPostNormTransformer));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var stack in graph.Nodes.Where(n => n.Kind == LayerKind.TransformerEncoder && n.Arguments.Integer("num_layers") >= Deep))
            context.Report(Rule, ModelFindings.Places([stack.Construction]), ImmutableDictionary<string, string?>.Empty, stack.Arguments.Integer("num_layers")!);
        var layers = graph.Nodes.Where(n => n.Kind == LayerKind.TransformerEncoderLayer || (n.Kind == LayerKind.MultiheadAttention && IsNormalizedAfterSum(graph, n))).ToArray();
        if (layers.Length >= Deep)
            context.Report(Rule, ModelFindings.Places([layers[0].Construction]), ImmutableDictionary<string, string?>.Empty, layers.Length);
    }

    private const int Deep = 12;

    private static bool IsNormalizedAfterSum(ModelGraph graph, GraphNode attention)
    {
        var user = graph.OnlyUser(attention.Id);
        while (user is not null && LayerTable.Has(user.Kind, LayerTraits.Dropout))
            user = graph.OnlyUser(user.Id);
        return user is { Kind: LayerKind.Add } && graph.OnlyUser(user.Id) is { Kind: LayerKind.LayerNorm };
    }
}
