using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>The axes of a model's inputs, told from the layers they enter.</summary>
internal sealed class InputLayout(ModelGraph graph, FlowContext context, Scenario scenario)
{
    /// <summary>Null when no layer that the input reaches tells.</summary>
    public TensorShape? Of(GraphNode input) => Required(input.Id, isSequence: ReachesSequenceLayer(input.Id));

    private TensorShape? Required(int node, bool isSequence)
    {
        foreach (var consumer in Consumers(node))
        {
            if (Direct(consumer, isSequence) is { } shape) return shape;
            if (Required(consumer.Id, isSequence) is { } later && Before(consumer, later) is { } earlier) return earlier;
        }

        return null;
    }

    private IEnumerable<GraphNode> Consumers(int node) => graph.Nodes.Where(n => n.Inputs.Any(i => i.Node == node));

    /// <summary>Whether features come with time steps or tokens: a recurrent or attention layer is fed, or positions are picked.</summary>
    private bool ReachesSequenceLayer(int node) => Consumers(node).Any(c =>
        c.Kind is LayerKind.RNN or LayerKind.LSTM or LayerKind.GRU or LayerKind.MultiheadAttention or LayerKind.ScaledDotProductAttention
            or LayerKind.TransformerEncoder or LayerKind.TransformerEncoderLayer or LayerKind.Transformer
            or LayerKind.TransformerDecoder or LayerKind.TransformerDecoderLayer
        || (c.Kind is LayerKind.Linear or LayerKind.LayerNorm or LayerKind.Dropout or LayerKind.Transpose or LayerKind.Permute or LayerKind.Add
            or LayerKind.Scale or LayerKind.Reshape or LayerKind.Split && ReachesSequenceLayer(c.Id)));

    private TensorShape? Direct(GraphNode node, bool isSequence)
    {
        Axis batch = new(AxisRole.Batch, scenario.BatchSize), time = new(AxisRole.Position, scenario.SequenceLength), space = new(AxisRole.Position, scenario.SpatialSize);
        switch (node.Kind)
        {
            case LayerKind.Linear:
                return Feature("weight", 1) is { } inputs ? Row(inputs) : null;
            case LayerKind.LayerNorm:
                return Feature("weight", 0) is { } normalized ? Row(normalized) : null;
            case LayerKind.BatchNorm1d:
                return Feature("weight", 0) is { } features ? new(batch, features) : null;
            case LayerKind.Conv1d or LayerKind.ConvTranspose1d:
                return Channels() is { } series ? new(batch, series, time) : null;
            case LayerKind.Conv2d or LayerKind.ConvTranspose2d:
                return Channels() is { } image ? new(batch, image, space, space) : null;
            case LayerKind.Conv3d or LayerKind.ConvTranspose3d:
                return Channels() is { } volume ? new(batch, volume, space, space, space) : null;
            case LayerKind.BatchNorm2d or LayerKind.InstanceNorm2d:
                return Feature("weight", 0) is { } channels ? new(batch, channels, space, space) : null;
            case LayerKind.Embedding:
                return new(batch, time);
            case LayerKind.RNN or LayerKind.LSTM or LayerKind.GRU:
                return Feature("weight_ih_l0", 1) is { } step ? node.Arguments.Flag("batchFirst") == true ? new(batch, time, step) : new(time, batch, step) : null;
            case LayerKind.RNNCell or LayerKind.LSTMCell or LayerKind.GRUCell:
                return Feature("weight_ih", 1) is { } cell ? new(batch, cell) : null;
            case LayerKind.MultiheadAttention or LayerKind.TransformerEncoderLayer or LayerKind.TransformerEncoder
                or LayerKind.TransformerDecoder or LayerKind.TransformerDecoderLayer or LayerKind.Transformer:
                return Feature("out_proj.weight", 0) is { } width ? new(time, batch, width) : null;
            default:
                return null;
        }

        TensorShape Row(Axis features) => isSequence ? new(batch, time, features) : new(batch, features);

        Axis? Feature(string parameter, int axis) =>
            context.Parameter(node, parameter)?.Parameter.Shape is { } shape && shape.Count > axis && shape[axis] is { } size ? new(AxisRole.Feature, size) : null;

        Axis? Channels() => SpatialArguments.Groups(node) is { } groups && Feature("weight", SpatialArguments.IsTransposed(node.Kind) ? 0 : 1) is { } perGroup
            ? perGroup with { Size = perGroup.Size * (SpatialArguments.IsTransposed(node.Kind) ? 1 : groups) } : null;
    }

    /// <summary>The axes that a node's input has when its result has the given ones.</summary>
    private static TensorShape? Before(GraphNode node, TensorShape after)
    {
        switch (node.Kind)
        {
            case LayerKind.Transpose:
                return ShapeInference.Transposed(node, after);
            case LayerKind.Permute:
                return ShapeInference.PermutedBack(node, after);
            case LayerKind.Unsqueeze:
                return node.Arguments.Integer("dim") is { } added && after.Index(added) is { } axis ? after.Without(axis) : null;
            default:
                return after;
        }
    }
}
