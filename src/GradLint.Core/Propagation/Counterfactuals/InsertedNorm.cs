using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>A norm before an activation.</summary>
/// <param name="Activation">Id of the node of the activation.</param>
/// <param name="Kind">Which norm.</param>
/// <param name="Width">Features or channels that it normalises.</param>
/// <param name="Layer">Id of the node of the linear layer or convolution before.</param>
public sealed record InsertedNorm(int Activation, LayerKind Kind, long Width, int Layer)
{
    private const LayerTraits Between = LayerTraits.Dropout | LayerTraits.Shape | LayerTraits.Pooling;

    /// <summary>
    /// Before each activation that a linear layer or convolution feeds and that has none yet; null where one of them
    /// takes no norm of that family. Outputs, probabilities and gates are left alone.
    /// </summary>
    public static IReadOnlyList<InsertedNorm>? Places(ModelGraph graph, Normalization family)
    {
        if (NodeShapes.Of(graph) is not { } shapes) return null;
        var norms = new List<InsertedNorm>();
        foreach (var node in graph.Nodes.Where(node => IsPlain(graph, node)))
        {
            if (LayerBefore(graph, node) is not { } layer) continue;
            var shape = shapes[node.Inputs[0].Node][node.Inputs[0].Index];
            if (KindFor(shape, family) is not { } kind) return null;
            norms.Add(new(node.Id, kind, (long)shape.Features, layer.Id));
        }

        return norms;
    }

    private static bool IsPlain(ModelGraph graph, GraphNode node) =>
        LayerTable.Has(node.Kind, LayerTraits.Activation) && !LayerTable.Has(node.Kind, LayerTraits.Probability) && node.Inputs.Count == 1
        && !graph.Outputs.Any(output => output.Node == node.Id)
        && !graph.Nodes.Any(user => user.Kind is LayerKind.Multiply or LayerKind.MatMul && user.Inputs.Any(input => input.Node == node.Id));

    /// <summary>The weighted layer that feeds the activation alone, with no norm between.</summary>
    private static GraphNode? LayerBefore(ModelGraph graph, GraphNode activation)
    {
        for (var node = activation; ;)
        {
            var before = graph.Nodes[node.Inputs[0].Node];
            if (graph.Nodes.Count(user => user.Inputs.Any(input => input.Node == before.Id)) != 1) return null;
            if (FittingInitialization.IsPlainWeighted(before.Kind)) return before;
            if ((LayerTable.Describe(before.Kind).Traits & Between) == 0 || before.Inputs.Count != 1) return null;
            node = before;
        }
    }

    private static LayerKind? KindFor(TensorShape shape, Normalization family)
    {
        var feature = shape.LastOf(AxisRole.Feature);
        if (shape.Axes.Count(axis => axis.Role == AxisRole.Feature) != 1 || shape.Axes[0].Role != AxisRole.Batch) return null;
        if (family == Normalization.Layer)
            return feature == shape.Rank - 1 ? LayerKind.LayerNorm : null;
        if (feature != 1) return null;
        return shape.Rank switch
        {
            2 or 3 => LayerKind.BatchNorm1d,
            4 => LayerKind.BatchNorm2d,
            5 => LayerKind.BatchNorm3d,
            _ => null,
        };
    }
}
