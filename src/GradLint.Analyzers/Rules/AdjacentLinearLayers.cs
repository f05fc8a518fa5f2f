using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL1006: two linear layers with nothing between are one. Bottlenecks, which factor a matrix on purpose, stay silent.</summary>
public sealed class AdjacentLinearLayers : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.AdjacentLinearLayers,
        "Two linear layers with nothing between",
        "'{0}' follows '{1}' with nothing between: together they are one linear layer; insert an activation such as ReLU",
        RuleCategory.Activation,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.AdjacentLinearLayers));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        var pairs = graph.Nodes.Where(n => n.Kind == LayerKind.Linear).Select(n => (Before: Before(graph, n), Node: n)).Where(pair => IsLinearBefore(graph, pair.Before, pair.Node)).ToArray();
        foreach (var (before, node) in pairs)
        {
            context.Report(
                Rule, [.. new[] { node.Construction, before.Construction, before.Use }.Select(origin => origin.Token).OfType<Location>()],
                ImmutableDictionary<string, string?>.Empty
                    .Add(FixProperties.IsUseInEveryPair, $"{IsInEveryPair(n => n.Use)}")
                    .Add(FixProperties.IsConstructionInEveryPair, $"{IsInEveryPair(n => n.Construction)}"),
                node.Path!, before.Path!);

            // Whether everything that is applied, or made, by the same code is the first of such a pair: the last layer of a loop may be the output.
            bool IsInEveryPair(Func<GraphNode, Origin> place) =>
                graph.Nodes.Where(n => Equals(place(n).Token, place(before).Token) && n.Kind == LayerKind.Linear).All(n => pairs.Any(pair => pair.Before.Id == n.Id));
        }
    }

    /// <summary>What comes before a layer, whatever drops out between.</summary>
    private static GraphNode Before(ModelGraph graph, GraphNode node)
    {
        var before = graph.Nodes[node.Inputs[0].Node];
        while (LayerTable.Has(before.Kind, LayerTraits.Dropout) || before.Kind == LayerKind.Identity)
            before = graph.Nodes[before.Inputs[0].Node];
        return before;
    }

    private static bool IsLinearBefore(ModelGraph graph, GraphNode before, GraphNode node) =>
        before.Kind == LayerKind.Linear && before.Id != node.Id && before.Path is not null && node.Path is not null
        && !IsBottleneck(graph, before, node) && graph.OnlyUser(before.Id) is not null;

    private static bool IsBottleneck(ModelGraph graph, GraphNode first, GraphNode second)
    {
        return Matrix(first) is not { } into || Matrix(second) is not { } outOf
            || into[0] is not { } between || into[1] is not { } inputs || outOf[0] is not { } outputs || between < Math.Min(inputs, outputs);

        // The code may have put something else, or nothing, in the place of the weight.
        IReadOnlyList<long?>? Matrix(GraphNode layer) => layer.Parameters.Select(index => graph.Parameters[index].Shape).FirstOrDefault(shape => shape.Count == 2);
    }
}
