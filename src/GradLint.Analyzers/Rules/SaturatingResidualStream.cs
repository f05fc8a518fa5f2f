using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL1005: a saturating activation applied to the sum of a residual block: every block squeezes what the shortcut carries.</summary>
public sealed class SaturatingResidualStream : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.SaturatingResidualStream,
        "Saturating activation on the residual stream",
        "{0} is applied to the sum of the shortcut and its branch, and shrinks the gradient of the shortcut in every block; apply it inside the branch",
        RuleCategory.Activation,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.SaturatingResidualStream));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var group in graph.Nodes.Where(IsOnStream).GroupBy(n => n.Construction.Token))
        {
            var uses = group.GroupBy(n => n.Use.Token).Select(use => use.First()).Where(n => n.Use.Token is Location).ToArray();
            context.Report(
                Rule, [.. ModelFindings.Places([group.First().Construction]), .. uses.Select(n => (Location)n.Use.Token!)],
                ImmutableDictionary<string, string?>.Empty.Add(FixProperties.BranchSummands, string.Concat(uses.Select(BranchSummand))), group.First().Kind);
        }

        bool IsOnStream(GraphNode node) =>
            LayerTable.Has(node.Kind, LayerTraits.Activation | LayerTraits.Saturating) && !graph.IsOutput(node.Id)
            && !UsersOf(node.Id).Any(user => user.Kind == LayerKind.Multiply)
            && graph.Nodes[node.Inputs[0].Node] is { Kind: LayerKind.Add, Inputs: { Count: 2 } summands }
            && (IsShortcut(summands[0].Node, summands[1].Node) || IsShortcut(summands[1].Node, summands[0].Node));

        // An input that is added anew at each step of a cell written out is no stream.
        bool EntersSeveral(int shortcut) =>
            UsersOf(shortcut).Count(sum => sum.Kind == LayerKind.Add && UsersOf(sum.Id).Any(user => LayerTable.Has(user.Kind, LayerTraits.Saturating))) > 1;

        IEnumerable<GraphNode> UsersOf(int id) => graph.Nodes.Where(n => n.Inputs.Any(input => input.Node == id));

        string BranchSummand(GraphNode node) =>
            graph.Nodes[node.Inputs[0].Node].Inputs is var summands && IsShortcut(summands[0].Node, summands[1].Node) ? "1" : "0";

        bool IsShortcut(int shortcut, int branch) =>
            shortcut != branch && !EntersSeveral(shortcut) && graph.Nodes[shortcut].Kind != LayerKind.Constant && graph.Ancestors(branch).Contains(shortcut)
            && graph.Ancestors(branch).Except(graph.Ancestors(shortcut)).Any(id => LayerTable.Has(graph.Nodes[id].Kind, LayerTraits.Weighted));
    }
}
