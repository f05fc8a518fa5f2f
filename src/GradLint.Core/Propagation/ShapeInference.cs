using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>The axes of every tensor of a model, from the axes of its inputs.</summary>
internal static class ShapeInference
{
    /// <summary>Axes that the given application's first input must have, judged from the layer alone; null when it takes any.</summary>
    public static TensorShape? RequiredInput(GraphNode node, FlowContext context, Scenario scenario)
    {
        var b = new Axis(AxisRole.Batch, scenario.BatchSize);
        double? Size(string parameter, int axis) => context.Parameter(node, parameter)?.Parameter.Shape is { } shape && shape.Count > axis ? shape[axis] : null;
        Axis? Features(double? size) => size is { } known ? new(AxisRole.Feature, known) : null;

        return node.Kind switch
        {
            LayerKind.Linear => Features(Size("weight", 1)) is { } f ? new(b, f) : null,
            LayerKind.BatchNorm1d or LayerKind.LayerNorm => Features(Size("weight", 0)) is { } f ? new(b, f) : null,
            _ => null,
        };
    }

    /// <summary>The axes of a node's results; null with a reason when they cannot be told.</summary>
    public static IReadOnlyList<TensorShape>? Outputs(GraphNode node, IReadOnlyList<TensorShape> inputs, FlowContext context, out string reason)
    {
        reason = "";
        if (inputs.Count == 0)
        {
            reason = "it has no input";
            return null;
        }

        var input = inputs[0];
        switch (node.Kind)
        {
            case LayerKind.Linear:
                if (context.Parameter(node, "weight")?.Shape is not { Count: 2 } weight) { reason = "the size of its weight is not known"; return null; }
                var last = input.Rank - 1;
                if (last < 0 || input.Axes[last].Size != weight[1]) { reason = $"its input has {(last < 0 ? 0 : input.Axes[last].Size)} features where {weight[1]} are expected"; return null; }
                return [new(input.Axes.Select((a, i) => i == last ? new Axis(AxisRole.Feature, weight[0]) : a).ToArray())];
            default:
                return [input];
        }
    }
}
