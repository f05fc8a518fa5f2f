using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Stages;

/// <summary>TorchSharp's encoder layers: attention and a feed-forward pair, each in a residual with the norm after it.</summary>
internal static class TransformerEncoderLayers
{
    private const double DefaultDropout = 0.1;

    /// <param name="prefix">Of the parameters' names: empty for a single layer, <c>layers.0.</c> and on in a stack.</param>
    public static Stage Create(Signal input, GraphNode node, string prefix, FlowContext context)
    {
        if (node.Arguments.IsUnknown("dropout") || node.Arguments.IsUnknown("activation")) return new UnknownStage("an argument of it is not known");
        var (samples, dropout) = (context.BatchSize, node.Arguments.Number("dropout") ?? DefaultDropout);
        var activation = node.Arguments.Text("activation") == "GELU" ? LayerKind.GELU : LayerKind.ReLU;
        NodeParameter? Parameter(string name) => context.Parameter(node, prefix + name);
        Stage Dropped(Signal x) => DropoutStage.Create(x, dropout, wholeChannels: false);
        Stage Linear(Signal x, string name) => LinearStage.Create(x, Widened(x.Shape, Parameter(name + ".weight")), samples, Parameter(name + ".weight"), Parameter(name + ".bias"));
        Stage Normalized(Signal x, string name) => NormalizationStage.Create(
            x, new(x.Shape.Features, 1, 1, x.Shape.Positions), samples, 1e-5, Parameter(name + ".weight"), Parameter(name + ".bias"));

        return SequenceStage.Create(
            input,
            x => ResidualStage.Create(x, branch => SequenceStage.Create(branch, y => SelfAttentionStage.Create(y, node, prefix + "self_attn.", dropout, context), Dropped)),
            x => Normalized(x, "norm1"),
            x => ResidualStage.Create(x, branch => SequenceStage.Create(
                branch, y => Linear(y, "linear1"), y => ActivationStage.Create(y, activation, samples), Dropped, y => Linear(y, "linear2"), Dropped)),
            x => Normalized(x, "norm2"));
    }

    public static Stage CreateStack(Signal input, GraphNode node, FlowContext context) =>
        node.Arguments.Integer("num_layers") is not (> 0 and var count)
            ? new UnknownStage("the number of its layers is not known")
            : SequenceStage.Create(input, Enumerable.Range(0, (int)count).Select(i => (Func<Signal, Stage>)(x => Create(x, node, $"layers.{i}.", context))).ToArray());

    private static TensorShape Widened(TensorShape shape, NodeParameter? weight) =>
        weight?.Shape is { } sizes ? shape.With(shape.LastOf(AxisRole.Feature), sizes[0]) : shape;
}
