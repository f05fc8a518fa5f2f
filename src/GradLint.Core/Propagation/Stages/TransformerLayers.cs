using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// TorchSharp's transformer layers: attention (in a decoder also to the encoder's result) and a feed-forward pair, each in a
/// residual with the norm after it.
/// </summary>
internal sealed class TransformerLayers
{
    private const double DefaultDropout = 0.1;

    private readonly GraphNode _node;
    private readonly FlowContext _context;
    private readonly double _samples, _dropout;
    private readonly LayerKind _activation;

    private TransformerLayers(GraphNode node, FlowContext context)
    {
        (_node, _context, _samples, _dropout) = (node, context, context.BatchSize, node.Arguments.Number("dropout") ?? DefaultDropout);
        _activation = node.Arguments.Text("activation") == "GELU" ? LayerKind.GELU : LayerKind.ReLU;
    }

    /// <summary>Null while an argument is unknown.</summary>
    public static TransformerLayers? Of(GraphNode node, FlowContext context) =>
        node.Arguments.IsUnknown("dropout") || node.Arguments.IsUnknown("activation") ? null : new(node, context);

    /// <param name="prefix">Of the parameters' names: empty for a single layer, <c>layers.0.</c> and on in a stack.</param>
    public Stage EncoderLayer(Signal input, string prefix) => SequenceStage.Create(
        input,
        x => Residual(x, y => SelfAttention(y, prefix)),
        x => Norm(x, prefix + "norm1"),
        x => Residual(x, y => FeedForward(y, prefix)),
        x => Norm(x, prefix + "norm2"));

    /// <param name="memory">What the encoder gives.</param>
    /// <param name="crossings">Receives the layer's attention to it.</param>
    public Stage DecoderLayer(Signal input, Signal memory, string prefix, ICollection<CrossAttentionStage> crossings) => SequenceStage.Create(
        input,
        x => Residual(x, y => SelfAttention(y, prefix)),
        x => Norm(x, prefix + "norm1"),
        x => Residual(x, y => CrossAttention(y, memory, prefix, crossings)),
        x => Norm(x, prefix + "norm2"),
        x => Residual(x, y => FeedForward(y, prefix)),
        x => Norm(x, prefix + "norm3"));

    public Stage Encoder(Signal input, string prefix, string countArgument) =>
        Stack(input, prefix, countArgument, EncoderLayer);

    public Stage Decoder(Signal input, Signal memory, string prefix, string countArgument, ICollection<CrossAttentionStage> crossings) =>
        Stack(input, prefix, countArgument, (x, layer) => DecoderLayer(x, memory, layer, crossings));

    public Stage Norm(Signal x, string name) => NormalizationStage.Create(
        x, new(x.Shape.Features, 1, 1, x.Shape.Positions), _samples, 1e-5, Parameter(name + ".weight"), Parameter(name + ".bias"));

    private Stage Stack(Signal input, string prefix, string countArgument, Func<Signal, string, Stage> layer) =>
        _node.Arguments.Integer(countArgument) is not (> 0 and var count)
            ? new UnknownStage("the number of its layers is not known")
            : SequenceStage.Create(input, Enumerable.Range(0, (int)count).Select(i => (Func<Signal, Stage>)(x => layer(x, $"{prefix}layers.{i}."))).ToArray());

    private Stage Residual(Signal x, Func<Signal, Stage> branch) => ResidualStage.Create(x, y => SequenceStage.Create(y, branch, Dropped));

    private Stage SelfAttention(Signal x, string prefix) => SelfAttentionStage.Create(x, _node, prefix + "self_attn.", _dropout, _context);

    private Stage CrossAttention(Signal x, Signal memory, string prefix, ICollection<CrossAttentionStage> crossings)
    {
        var stage = CrossAttentionStage.Create(x, memory, _node, prefix + "multihead_attn.", _dropout, _context);
        if (stage is CrossAttentionStage crossing) crossings.Add(crossing);
        return stage;
    }

    private Stage FeedForward(Signal x, string prefix) => SequenceStage.Create(
        x, y => Linear(y, prefix + "linear1"), y => ActivationStage.Create(y, _activation, _samples), Dropped, y => Linear(y, prefix + "linear2"));

    private Stage Dropped(Signal x) => DropoutStage.Create(x, _dropout, wholeChannels: false);

    private Stage Linear(Signal x, string name) =>
        LinearStage.Create(x, Widened(x.Shape, Parameter(name + ".weight")), _samples, Parameter(name + ".weight"), Parameter(name + ".bias"));

    private NodeParameter? Parameter(string name) => _context.Parameter(_node, name);

    private static TensorShape Widened(TensorShape shape, NodeParameter? weight) =>
        weight?.Shape is { } sizes ? shape.With(shape.LastOf(AxisRole.Feature), sizes[0]) : shape;
}
