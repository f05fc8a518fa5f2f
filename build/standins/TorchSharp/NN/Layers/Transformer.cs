using System;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

public sealed class MultiheadAttention : Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
{
    private readonly AttentionBlock block;

    internal MultiheadAttention(long width, long heads, double dropout, bool bias, bool addBias, bool addZero, long? keyWidth, long? valueWidth)
        : base("torch::nn::MultiheadAttention")
    {
        if (keyWidth == width && valueWidth == width) (keyWidth, valueWidth) = (null, null);
        block = new(native = new(register_parameter), "", width, heads, dropout, bias, addBias, addZero, keyWidth, valueWidth);
    }

    /// <returns>The output, and the weights' mean over the heads, invalid when they were not asked for.</returns>
    public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
    {
        var (output, weights) = block.Attend(query, key, value, key_padding_mask, attn_mask, training);
        if (!need_weights) weights.Dispose();
        return Tuple.Create(output, weights);
    }

    public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true,
        Tensor? attn_mask = null) =>
        base.call(query, key, value, key_padding_mask, need_weights, attn_mask);
}

/// <summary>Its calls with masks run no hooks.</summary>
public sealed class TransformerEncoderLayer : Module<Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor, Tensor>
{
    private readonly TransformerBlock block;

    internal TransformerEncoderLayer(TransformerShape shape) : base("torch::nn::TransformerEncoderLayerImpl") =>
        block = new(native = new(register_parameter), "", Shape = shape, isDecoder: false);

    internal TransformerShape Shape { get; }

    internal NativeTensors Tensors => native!;

    public override Tensor forward(Tensor src) => block.Encode(src, null, null, training);

    public Tensor call(Tensor src, Tensor src_mask) => block.Encode(src, src_mask, null, training);

    public Tensor call(Tensor src, Tensor src_mask, Tensor src_key_padding_mask) => block.Encode(src, src_mask, src_key_padding_mask, training);
}

public sealed class TransformerDecoderLayer : Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>
{
    private readonly TransformerBlock block;

    internal TransformerDecoderLayer(TransformerShape shape) : base("torch::nn::TransformerDecoderLayerImpl") =>
        block = new(native = new(register_parameter), "", Shape = shape, isDecoder: true);

    internal TransformerShape Shape { get; }

    internal NativeTensors Tensors => native!;

    public override Tensor forward(Tensor tgt, Tensor memory, Tensor tgt_mask, Tensor memory_mask, Tensor tgt_key_padding_mask, Tensor memory_key_padding_mask) =>
        block.Decode(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask, training);

    public Tensor call(Tensor tgt, Tensor memory) => base.call(tgt, memory, null!, null!, null!, null!);

    public new Tensor call(Tensor tgt, Tensor memory, Tensor tgt_mask, Tensor memory_mask = null!, Tensor tgt_key_padding_mask = null!,
        Tensor memory_key_padding_mask = null!) =>
        base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}

public sealed class TransformerEncoder : Module<Tensor, Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>, IModule<Tensor, Tensor>
{
    private readonly TransformerStack stack;

    internal TransformerEncoder(TransformerEncoderLayer layer, long count) : base("torch::nn::TransformerEncoderImpl") =>
        stack = new(native = new(register_parameter), "", layer.Shape, count, isDecoder: false, layer.Tensors);

    public enum Activations
    {
        ReLU = 0,
        GELU = 1,
    }

    public override Tensor forward(Tensor src, Tensor src_mask, Tensor src_key_padding_mask) =>
        stack.Run(src, (block, input) => block.Encode(input, src_mask, src_key_padding_mask, training));

    public Tensor call(Tensor src) => base.call(src, null!, null!);

    public Tensor call(Tensor src, Tensor src_mask) => base.call(src, src_mask, null!);
}

public sealed class TransformerDecoder : Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>
{
    private readonly TransformerStack stack;

    internal TransformerDecoder(TransformerDecoderLayer layer, long count) : base("torch::nn::TransformerDecoderImpl") =>
        stack = new(native = new(register_parameter), "", layer.Shape, count, isDecoder: true, layer.Tensors);

    public override Tensor forward(Tensor tgt, Tensor memory, Tensor tgt_mask, Tensor memory_mask = null!, Tensor tgt_key_padding_mask = null!,
        Tensor memory_key_padding_mask = null!) =>
        stack.Run(tgt, (block, input) => block.Decode(input, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask, training));

    public Tensor call(Tensor tgt, Tensor memory) => base.call(tgt, memory, null!, null!, null!, null!);

    public new Tensor call(Tensor tgt, Tensor memory, Tensor tgt_mask, Tensor memory_mask = null!, Tensor tgt_key_padding_mask = null!,
        Tensor memory_key_padding_mask = null!) =>
        base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}

/// <summary>An encoder and a decoder with a norm at the end of each; all matrices Xavier. Its call with masks runs no hooks.</summary>
public sealed class Transformer : Module<Tensor, Tensor, Tensor>
{
    private readonly TransformerStack encoder;
    private readonly TransformerStack decoder;

    internal Transformer(TransformerShape shape, long encoderLayers, long decoderLayers) : base("torch::nn::TransformerImpl")
    {
        native = new(register_parameter);
        encoder = new(native, "encoder.", shape, encoderLayers, isDecoder: false, null);
        TransformerBlock.AddNorm(native, "encoder.norm.", shape.Width);
        decoder = new(native, "decoder.", shape, decoderLayers, isDecoder: true, null);
        TransformerBlock.AddNorm(native, "decoder.norm.", shape.Width);
        foreach (var (_, tensor) in native.All)
            if (tensor.Dimensions > 1)
                init.xavier_uniform_(tensor);
    }

    public override Tensor forward(Tensor src, Tensor tgt) => call(src, tgt, null!);

    public Tensor call(Tensor src, Tensor tgt, Tensor src_mask, Tensor? tgt_mask = null, Tensor? memory_mask = null, Tensor? src_key_padding_mask = null,
        Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null)
    {
        using var encoded = encoder.Run(src, (block, input) => block.Encode(input, src_mask, src_key_padding_mask, training));
        using var memory = TransformerBlock.Normalize(native!, "encoder.norm.", encoded);
        using var decoded = decoder.Run(tgt, (block, input) =>
            block.Decode(input, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask, training));
        return TransformerBlock.Normalize(native!, "decoder.norm.", decoded);
    }
}
