using GradLint.Core.Model;
using GradLint.Core.Propagation.Flows;

namespace GradLint.Core.Propagation;

/// <summary>The axes and values of tensors that do not depend on the input, told from what they meet.</summary>
internal sealed class ConstantLayout(ModelGraph graph, FlowContext context, Scenario scenario)
{
    /// <summary>Whether a tensor of unknown values is added somewhere: what a prediction then assumes of them is a range.</summary>
    public static bool HasUnknownSummand(ModelGraph graph) => graph.Nodes.Any(node =>
        node.Kind == LayerKind.Constant && Distribution(node, graph) is null
        && Consumers(graph, node).Any(consumer => consumer.Kind is LayerKind.Add or LayerKind.Subtract or LayerKind.Concat or LayerKind.Expand));

    /// <summary>Its axes, where the tensors that it meets have been <paramref name="reached"/>; null when they cannot be told.</summary>
    public TensorShape? ShapeOf(GraphNode constant, Func<NodeOutput, TensorShape?> reached)
    {
        foreach (var consumer in Consumers(graph, constant))
        {
            switch (consumer.Kind)
            {
                case LayerKind.Embedding:
                    return new(new Axis(AxisRole.Position, scenario.SequenceLength));
                case LayerKind.Expand or LayerKind.Dropout or LayerKind.Scale:
                    if (ShapeOf(consumer, reached) is { } further) return further;
                    break;
                case LayerKind.Concat when consumer.Arguments.Integer("dim") is { } dim:
                    if (Partner(consumer, constant, reached) is { } beside && beside.Index(dim) is { } joined)
                        return beside.With(joined, Size(constant, beside, joined) ?? 1);
                    break;
                default:
                    if (Partner(consumer, constant, reached) is { } partner) return partner;
                    break;
            }
        }

        return null;
    }

    /// <summary>A flow for the constant; unknown where its values would matter and are not known.</summary>
    public Flow Of(GraphNode constant, TensorShape shape)
    {
        var distribution = Distribution(constant, graph);
        if (distribution is null && Consumers(graph, constant).Any(c => c.Kind is LayerKind.Multiply or LayerKind.Divide or LayerKind.MatMul))
            return new UnknownFlow(constant, "the values of a tensor that does not depend on the input are not known");
        var own = OwnSizes(constant, shape);
        var isDrawnBySample = distribution?.Variance > 0 && constant.Parameters.Count == 0 && !(own is not null && IsBroadcast(AxisRole.Batch));
        var bySample = isDrawnBySample ? 0 : 1;
        var byPosition = own is not null && IsBroadcast(AxisRole.Position) ? 1 : distribution is null ? AlikeOfPositionalCodes : 0;
        var features = own is null ? shape.Features
            : shape.Axes.Select((axis, i) => axis.Role != AxisRole.Feature || own[i] == 1 ? 1 : axis.Size).Aggregate((product, size) => product * size);
        return new ConstantFlow(
            constant, shape, new(1, bySample, byPosition, bySample * byPosition), features, distribution ?? new(0, scenario.ConstantSecondMoment), context);

        bool IsBroadcast(AxisRole role) => shape.Axes.Where((axis, i) => axis.Role == role && axis.Size > 1 && own![i] != 1).Any() == false;
    }

    /// <summary>Of sine and cosine codes two positions have about half in common: the slow half of the frequencies.</summary>
    private const double AlikeOfPositionalCodes = 0.5;

    private static WeightDistribution? Distribution(GraphNode constant, ModelGraph graph)
    {
        var (initialization, shape) = constant.Parameters.Count > 0
            ? (graph.Parameters[constant.Parameters[0]].Initialization, graph.Parameters[constant.Parameters[0]].Shape)
            : (ConstantArguments.InitializationOf(constant.Arguments), ConstantArguments.ShapeOf(constant.Arguments) ?? []);
        return WeightDistribution.Of(initialization, shape.Select(size => (double)(size ?? 1)).ToArray(), 1);
    }

    private TensorShape? Partner(GraphNode consumer, GraphNode constant, Func<NodeOutput, TensorShape?> reached) => consumer.Inputs
        .Where(input => input.Node != constant.Id).Select(reached).OfType<TensorShape>().OrderByDescending(shape => shape.Features * shape.Positions).FirstOrDefault();

    private static IEnumerable<GraphNode> Consumers(ModelGraph graph, GraphNode node) => graph.Nodes.Where(n => n.Inputs.Any(i => i.Node == node.Id));

    private double? Size(GraphNode constant, TensorShape shape, int axis) => OwnSizes(constant, shape) is { } own ? own[axis] : null;

    /// <summary>Its own sizes, aligned to the right with the axes it meets: 1 where it is broadcast. Null when they are not known.</summary>
    private double?[]? OwnSizes(GraphNode constant, TensorShape shape)
    {
        var sizes = constant.Parameters.Count > 0 ? graph.Parameters[constant.Parameters[0]].Shape : ConstantArguments.ShapeOf(constant.Arguments);
        if (sizes is null || sizes.Count > shape.Rank) return null;
        return [.. Enumerable.Repeat<double?>(1, shape.Rank - sizes.Count), .. sizes.Select(size => (double?)size)];
    }
}
