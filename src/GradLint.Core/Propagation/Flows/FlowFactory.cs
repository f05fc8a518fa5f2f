using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Patterns;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation.Flows;

/// <summary>The theory of each kind of node.</summary>
internal static class FlowFactory
{
    private const double DefaultEpsilon = 1e-5;

    /// <summary>In standard deviations.</summary>
    private const double FarFromZero = 6;

    public static Flow Create(GraphNode node, IReadOnlyList<Signal> inputs, IReadOnlyList<TensorShape> outputs, FlowContext context)
    {
        var (input, output, samples) = (inputs[0], outputs[0], context.BatchSize);
        NodeParameter? weight = context.Parameter(node, "weight"), bias = context.Parameter(node, "bias");
        switch (node.Kind)
        {
            case LayerKind.Linear:
                return StageFlow.Of(node, LinearStage.Create(input, output, samples, weight, bias));

            case LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d or LayerKind.ConvTranspose1d or LayerKind.ConvTranspose2d or LayerKind.ConvTranspose3d:
                return StageFlow.Of(node, ConvolutionStage.Create(
                    input, output, SpatialArguments.Geometry(node, input.Shape, output), samples, SpatialArguments.Groups(node), weight, bias));

            case LayerKind.BatchNorm1d or LayerKind.BatchNorm2d or LayerKind.BatchNorm3d or LayerKind.BatchNorm:
                return Normalization(new(1, input.Shape.Positions, samples, input.Shape.Positions));
            case LayerKind.InstanceNorm1d or LayerKind.InstanceNorm2d or LayerKind.InstanceNorm3d or LayerKind.InstanceNorm:
                return Normalization(new(1, input.Shape.Positions, 1, input.Shape.Positions));
            case LayerKind.GroupNorm when node.Arguments.Integer("num_groups") is { } groups:
                return Normalization(new(input.Shape.Features / groups, input.Shape.Positions, 1, input.Shape.Positions));
            case LayerKind.LayerNorm:
                var normalizesPositions = (weight?.Parameter.Shape.Count ?? node.Arguments.Sizes("normalized_shape", 1)?.Count ?? 1) > 1;
                return Normalization(new(input.Shape.Features, normalizesPositions ? input.Shape.Positions : 1, 1, input.Shape.Positions));

            case LayerKind.RNN or LayerKind.LSTM or LayerKind.GRU:
                return RecurrentFlow.Create(node, input, outputs, context);
            case LayerKind.MultiheadAttention:
                return AttentionFlow.Create(node, inputs, context);
            case LayerKind.ScaledDotProductAttention:
                return DotProductFlow.Create(node, inputs, output);
            case LayerKind.Bilinear:
                return BilinearFlow.Create(node, inputs, output, context);
            case LayerKind.Normalize when IsAlongFeatures(node, input.Shape):
                var byToken = new NormalizationGroup(input.Shape.Features, 1, 1, input.Shape.Positions);
                var toLength = node.Arguments.Flag(RootMeanSquarePattern.IsMean) == true ? 1 : 1 / Math.Sqrt(input.Shape.Features);
                return StageFlow.Of(node, SequenceStage.Create(
                    input,
                    x => NormalizationStage.Create(x, byToken, samples, node.Arguments.Number("eps") ?? 0, null, null, isCentring: false),
                    x => new AffineStage(x, toLength, 0)));
            case LayerKind.TransformerEncoderLayer or LayerKind.TransformerEncoder or LayerKind.TransformerDecoderLayer or LayerKind.TransformerDecoder or LayerKind.Transformer:
                return TransformerFlow.Create(node, inputs, context);
            case LayerKind.Embedding:
                return StageFlow.Of(node, EmbeddingStage.Create(input, output, samples, weight, context.Graph.Nodes[node.Inputs[0].Node].Kind == LayerKind.Constant));

            case LayerKind.Dropout or LayerKind.AlphaDropout:
                return StageFlow.Of(node, DropoutStage.Create(input, Probability(node), wholeChannels: false));
            case LayerKind.Dropout1d or LayerKind.Dropout2d or LayerKind.Dropout3d or LayerKind.FeatureAlphaDropout:
                return StageFlow.Of(node, DropoutStage.Create(input, Probability(node), wholeChannels: true));

            case LayerKind.MaxPool1d or LayerKind.MaxPool2d or LayerKind.MaxPool3d or LayerKind.AdaptiveMaxPool1d or LayerKind.AdaptiveMaxPool2d or LayerKind.AdaptiveMaxPool3d:
                return StageFlow.Of(node, new MaxPoolStage(input, output, SpatialArguments.Window(node, input.Shape, output)));
            case LayerKind.AvgPool1d or LayerKind.AvgPool2d or LayerKind.AvgPool3d or LayerKind.AdaptiveAvgPool1d or LayerKind.AdaptiveAvgPool2d or LayerKind.AdaptiveAvgPool3d:
                return StageFlow.Of(node, new AveragePoolStage(input, output, SpatialArguments.Window(node, input.Shape, output)));
            case LayerKind.Mean when input.Shape.Features == output.Features:
                return StageFlow.Of(node, new AveragePoolStage(input, output, input.Shape.Positions / output.Positions));
            case LayerKind.Max when input.Shape.Features == output.Features:
                return StageFlow.Of(node, new MaxPoolStage(input, output, input.Shape.Positions / output.Positions));
            case LayerKind.Mean when input.Shape.Positions == output.Positions:
                return StageFlow.Of(node, new FeatureMeanStage(input, output));
            case LayerKind.Sum when input.Shape.Features == output.Features || input.Shape.Positions == output.Positions:
                var summands = input.Shape.Features * input.Shape.Positions / (output.Features * output.Positions);
                return StageFlow.Of(node, SequenceStage.Create(
                    input,
                    x => x.Shape.Features == output.Features ? new AveragePoolStage(x, output, summands) : new FeatureMeanStage(x, output),
                    x => new AffineStage(x, summands, 0)));

            case LayerKind.Upsample when input.Shape.Features == output.Features && UpsampleConcentration(node, input.Shape) is { } concentration:
                return StageFlow.Of(node, new UpsampleStage(input, output, concentration));
            case LayerKind.Expand when input.Shape.Features == output.Features:
                return output.Positions > input.Shape.Positions
                    ? StageFlow.Of(node, new UpsampleStage(input, output, 1)) : StageFlow.Of(node, new ShapeStage(input, output));
            case LayerKind.PixelShuffle or LayerKind.PixelUnshuffle:
                return StageFlow.Of(node, new PixelShuffleStage(input, output));

            case LayerKind.Flatten or LayerKind.Unflatten or LayerKind.Reshape or LayerKind.Transpose or LayerKind.Permute or LayerKind.Squeeze or LayerKind.Unsqueeze:
                return StageFlow.Of(node, new ShapeStage(input, output));
            case LayerKind.Select or LayerKind.Slice when input.Shape.Features == output.Features:
                return StageFlow.Of(node, new SelectStage(input, output, SelectedPosition(node, input.Shape, output)));
            case LayerKind.Select or LayerKind.Slice when input.Shape.Positions == output.Positions:
                return StageFlow.Of(node, new FeatureSliceStage(input, output));
            case LayerKind.Split when outputs.All(part => part.Positions == input.Shape.Positions):
                return new SplitFlow(node, input, outputs);
            case LayerKind.GLU when input.Shape.Positions == output.Positions:
                return StageFlow.Of(node, new GatedLinearStage(input, output));

            case LayerKind.Sqrt or LayerKind.ReciprocalSqrt or LayerKind.Reciprocal or LayerKind.Log:
                return input.Mean > FarFromZero * Math.Sqrt(input.Variance)
                    ? StageFlow.Of(node, ActivationStage.Create(input, ActivationFunction.For(node), samples))
                    : new UnknownFlow(node, $"{node.Kind} of what may be about 0 has no theory");
            case LayerKind.Scale or LayerKind.Shift or LayerKind.Negate when AffineOperation.Of(node) is { } line:
                return StageFlow.Of(node, new AffineStage(input, line.Factor, line.Offset));

            case LayerKind.Add:
                return new SumFlow(node, inputs, output, 1);
            case LayerKind.Subtract:
                return new SumFlow(node, inputs, output, -1);
            case LayerKind.Multiply when inputs.Count == 2:
                return new ProductFlow(node, inputs[0], inputs[1], output);
            case LayerKind.Concat:
                return new ConcatFlow(node, inputs, output);

            default:
                return IsPointwise(node.Kind)
                    ? StageFlow.Of(node, ActivationStage.Create(input, ActivationFunction.For(node), samples, node.Kind == LayerKind.PReLU ? weight : null))
                    : new UnknownFlow(node, $"there is no theory for {node.Kind}");
        }

        Flow Normalization(NormalizationGroup group) =>
            StageFlow.Of(node, NormalizationStage.Create(input, group, samples, node.Arguments.Number("eps") ?? DefaultEpsilon, weight, bias));
    }

    /// <summary>Whether the kind is a function applied to each element alone.</summary>
    private static bool IsPointwise(LayerKind kind) =>
        kind is LayerKind.Identity or LayerKind.Abs or LayerKind.Exp or LayerKind.Clamp or LayerKind.Power
        || (LayerTable.Has(kind, LayerTraits.Activation) && !LayerTable.Has(kind, LayerTraits.Probability));

    /// <summary>Σ w² over what an output reads; null for modes without theory.</summary>
    private static double? UpsampleConcentration(GraphNode node, TensorShape input) => node.Arguments.IsUnknown("mode") ? null
        : node.Arguments.Text("mode") switch
        {
            null or "Nearest" => 1,
            // E[w² + (1 − w)²] of w even in [0, 1], by dimension.
            "Linear" or "Bilinear" or "Trilinear" => Math.Pow(2.0 / 3, SpatialArguments.Positions(input).Length),
            _ => null,
        };

    /// <summary>Whether it divides by the Euclidean length along the one axis of features.</summary>
    private static bool IsAlongFeatures(GraphNode node, TensorShape input) =>
        node.Arguments.Number("p") is null or 2 && input.Index(node.Arguments.Integer("dim") ?? 1) is { } axis
        && input.Axes[axis].Role == AxisRole.Feature && input.Axes[axis].Size == input.Features;

    private static double? Probability(GraphNode node) =>
        node.Arguments.IsUnknown("p") ? null : node.Arguments.Number("p") ?? 0.5;

    /// <summary>The index selected along the one axis of positions, or null.</summary>
    private static int? SelectedPosition(GraphNode node, TensorShape input, TensorShape output)
    {
        if (node.Kind != LayerKind.Select || output.Positions != 1 || node.Arguments.Integer("index") is not { } index) return null;
        return (int)(index < 0 ? index + input.Positions : index);
    }
}
