using GradLint.Core.Model;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation.Flows;

/// <summary>TorchSharp's transformer modules: encoder, decoder, and both.</summary>
internal sealed class TransformerFlow : Flow
{
    private readonly Stage? _encoder;
    private readonly Stage _decoder;
    private readonly IReadOnlyList<CrossAttentionStage> _crossings;

    private TransformerFlow(GraphNode node, Stage? encoder, Stage decoder, IReadOnlyList<CrossAttentionStage> crossings)
        : base(node)
    {
        (_encoder, _decoder, _crossings) = (encoder, decoder, crossings);
        Outputs = [decoder.Output];
    }

    public static Flow Create(GraphNode node, IReadOnlyList<Signal> inputs, FlowContext context)
    {
        if (TransformerLayers.Of(node, context) is not { } layers) return new UnknownFlow(node, "an argument of it is not known");
        var crossings = new List<CrossAttentionStage>();
        switch (node.Kind)
        {
            case LayerKind.TransformerEncoderLayer:
                return StageFlow.Of(node, layers.EncoderLayer(inputs[0], ""));
            case LayerKind.TransformerEncoder:
                return StageFlow.Of(node, layers.Encoder(inputs[0], "", "num_layers"));
            case LayerKind.TransformerDecoderLayer when inputs.Count > 1:
                return Decoding(null, layers.DecoderLayer(inputs[0], inputs[1], "", crossings));
            case LayerKind.TransformerDecoder when inputs.Count > 1:
                return Decoding(null, layers.Decoder(inputs[0], inputs[1], "", "num_layers", crossings));
            case LayerKind.Transformer when inputs.Count > 1:
                var encoder = SequenceStage.Create(inputs[0], x => layers.Encoder(x, "encoder.", "num_encoder_layers"), x => layers.Norm(x, "encoder.norm"));
                return encoder is UnknownStage
                    ? StageFlow.Of(node, encoder)
                    : Decoding(encoder, SequenceStage.Create(
                        inputs[1], x => layers.Decoder(x, encoder.Output, "decoder.", "num_decoder_layers", crossings), x => layers.Norm(x, "decoder.norm")));
            default:
                return new UnknownFlow(node, "what it attends to is not known");
        }

        Flow Decoding(Stage? encoder, Stage decoder) =>
            decoder is UnknownStage unknown ? new UnknownFlow(node, unknown.Reason) : new TransformerFlow(node, encoder, decoder, crossings);
    }

    /// <summary>A decoder takes the target first, the whole transformer the source.</summary>
    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters)
    {
        var atTarget = _decoder.Backward(outputs[0], parameters);
        var atMemory = _crossings.Select(crossing => crossing.AtMemory).Aggregate(Gradient.Zero, (sum, gradient) => sum.Plus(gradient));
        Gradient[] atInputs = _encoder is null ? [atTarget, atMemory] : [_encoder.Backward(atMemory, parameters), atTarget];
        return [.. atInputs, .. Enumerable.Repeat(Gradient.Zero, Node.Inputs.Count - 2)];
    }
}
