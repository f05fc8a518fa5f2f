using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL3003: a recurrent layer of which only the last step is used, and whose gradient does not reach the first. A hint where
/// the length is unknown, and for gated layers under Adam, which opens their gates with time: measured, a default LSTM learns
/// the adding problem over 100 steps with it, an RNN does not.
/// </summary>
public sealed class ShortMemoryHorizon : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ShortMemoryHorizon,
        "Memory horizon is shorter than the sequence",
        "Gradient of '{0}' is predicted to fall to 1E-3 after {1} {2}; use LSTM with a forget-gate bias of 2, or log U(1, T - 1) for long sequences",
        RuleCategory.Recurrence,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ShortMemoryHorizon));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var horizon in context.Prediction.MemoryHorizons)
        {
            var node = graph.Nodes[horizon.Node];
            var length = context.Options.SequenceLength;
            int? knownLength = length > 0 ? length : null;
            if (!EndsAtLastStep(graph, node) || (length > 0 ? horizon.StepsToThousandth >= length : horizon.StepsToThousandth > Long))
                continue;
            context.Report(
                Rule, length > 0 && !LearnsToRemember(context, node) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info, ModelFindings.Places([node.Construction]),
                RecurrentFindings.Properties(
                    horizon.StepsToThousandth, knownLength,
                    RecurrentRemedy.For(graph, node, knownLength, knownLength ?? Math.Max(2 * horizon.StepsToThousandth, Long + 1), context.PredictionOptions)),
                node.Path ?? graph.TypeName, (long)horizon.StepsToThousandth, length > 0 ? $"of {length} steps" : "steps, should sequences be longer");
        }
    }

    private static bool LearnsToRemember(ModelRuleContext context, GraphNode node) =>
        node.Kind is LayerKind.LSTM or LayerKind.GRU && context.IsTrainedAdaptively;

    /// <summary>Where the length is unknown, sequences up to this many steps are taken to be covered.</summary>
    private const int Long = 10;

    /// <summary>Whether the output sequence is used at its last step alone; h_n is that step.</summary>
    private static bool EndsAtLastStep(ModelGraph graph, GraphNode node)
    {
        var users = graph.Nodes.Where(n => n.Inputs.Any(i => i.Node == node.Id && i.Index == 0)).ToArray();
        var usesFinalState = graph.Nodes.Any(n => n.Inputs.Any(i => i.Node == node.Id && i.Index > 0));
        if (users.Length == 0) return usesFinalState && !graph.IsOutput(node.Id);
        var time = node.Arguments.Flag("batchFirst") == true ? 1 : 0;
        return !graph.IsOutput(node.Id) && users.All(u => u.Kind == LayerKind.Select && u.Arguments.Integer("dim") == time && u.Arguments.Integer("index") == -1);
    }
}
