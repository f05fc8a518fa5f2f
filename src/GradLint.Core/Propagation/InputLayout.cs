using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>The axes of a model's inputs, told from the layers they enter.</summary>
internal sealed class InputLayout
{
    private readonly ModelGraph _graph;
    private readonly FlowContext _context;
    private readonly Scenario _scenario;
    private readonly ILookup<int, GraphNode> _consumers;
    private readonly bool[] _reachesSequenceLayer;

    public InputLayout(ModelGraph graph, FlowContext context, Scenario scenario)
    {
        (_graph, _context, _scenario) = (graph, context, scenario);
        _consumers = graph.Nodes.SelectMany(consumer => consumer.Inputs.Select(input => (input.Node, consumer))).Distinct()
            .ToLookup(edge => edge.Node, edge => edge.consumer);
        _reachesSequenceLayer = new bool[graph.Nodes.Count];
        for (var node = graph.Nodes.Count - 1; node >= 0; node--)
            _reachesSequenceLayer[node] = _consumers[node].Any(consumer => IsSequenceLayer(consumer.Kind) || (KeepsSequence(consumer.Kind) && _reachesSequenceLayer[consumer.Id]));
    }

    /// <summary>Null when no layer that the input reaches tells.</summary>
    public TensorShape? Of(GraphNode input)
    {
        var isSequence = _reachesSequenceLayer[input.Id];

        // A node's consumers come after it, so from the last to the first each is looked at once.
        var required = new TensorShape?[_graph.Nodes.Count];
        for (var node = _graph.Nodes.Count - 1; node >= input.Id; node--)
            required[node] = _consumers[node].Select(consumer => Direct(consumer, isSequence) ?? (required[consumer.Id] is { } later ? Before(consumer, later) : null))
                .FirstOrDefault(shape => shape is not null);
        return required[input.Id];
    }

    /// <summary>Features come with time steps or tokens where a recurrent or attention layer is fed.</summary>
    private static bool IsSequenceLayer(LayerKind kind) => kind
        is LayerKind.RNN or LayerKind.LSTM or LayerKind.GRU or LayerKind.MultiheadAttention or LayerKind.ScaledDotProductAttention
        or LayerKind.TransformerEncoder or LayerKind.TransformerEncoderLayer or LayerKind.Transformer
        or LayerKind.TransformerDecoder or LayerKind.TransformerDecoderLayer;

    private static bool KeepsSequence(LayerKind kind) => kind
        is LayerKind.Linear or LayerKind.LayerNorm or LayerKind.Dropout or LayerKind.Transpose or LayerKind.Permute or LayerKind.Add
        or LayerKind.Scale or LayerKind.Reshape or LayerKind.Split;

    private TensorShape? Direct(GraphNode node, bool isSequence)
    {
        Axis batch = new(AxisRole.Batch, _scenario.BatchSize), time = new(AxisRole.Position, _scenario.SequenceLength), space = new(AxisRole.Position, _scenario.SpatialSize);
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
            _context.Parameter(node, parameter)?.Parameter.Shape is { } shape && shape.Count > axis && shape[axis] is { } size ? new(AxisRole.Feature, size) : null;

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
