using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL3004: an LSTM whose forget gates start half closed.</summary>
public sealed class ForgetGateBiasNearZero : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ForgetGateBiasNearZero,
        "Forget-gate bias of an LSTM is left near 0",
        "Forget gates of '{0}' start half closed: gradient halves with every step; set their bias to 1",
        RuleCategory.Recurrence,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ForgetGateBiasNearZero));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var node in graph.Nodes.Where(n => n.Kind is LayerKind.LSTM or LayerKind.LSTMCell).GroupBy(n => n.Construction.Token).Select(g => g.First()))
        {
            var biases = node.Parameters.Select(index => graph.Parameters[index]).Where(p => ModelFindings.LastName(p.Path).StartsWith(TorchSharpNames.ModuleMembers.Bias, StringComparison.Ordinal)).ToArray();
            if (biases.Length > 0 && biases.All(b => b.Initialization is { Kind: InitializerKind.DefaultHidden or InitializerKind.Zeros, Rows.Count: 0 }))
                context.Report(Rule, ModelFindings.Places([node.Construction]), Properties(context, node), node.Path ?? graph.TypeName);
        }
    }

    /// <summary>How far the gradient is predicted to reach; nothing where that cannot be told, as for a cell.</summary>
    private static ImmutableDictionary<string, string?> Properties(ModelRuleContext context, GraphNode node) =>
        context.Prediction.MemoryHorizons.FirstOrDefault(horizon => horizon.Node == node.Id) is { } reached
            ? RecurrentFindings.Properties(reached.StepsToThousandth, context.PredictionOptions.SequenceLength, [])
            : ImmutableDictionary<string, string?>.Empty;
}
