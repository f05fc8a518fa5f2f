using System;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What the layers of a transformer have in common.</summary>
internal sealed record TransformerShape(long Width, long Heads, long FeedForward, double Dropout, Activations Activation);

/// <summary>Linear layers, norms and attention on tensors named by a prefix, each followed by dropout, addition and norm.</summary>
internal sealed class TransformerBlock
{
    private readonly NativeTensors tensors;
    private readonly string prefix;
    private readonly TransformerShape shape;
    private readonly AttentionBlock selfAttention;
    private readonly AttentionBlock? memoryAttention;

    internal TransformerBlock(NativeTensors tensors, string prefix, TransformerShape shape, bool isDecoder)
    {
        (this.tensors, this.prefix, this.shape) = (tensors, prefix, shape);
        selfAttention = new(tensors, prefix + "self_attn.", shape.Width, shape.Heads, shape.Dropout);
        if (isDecoder) memoryAttention = new(tensors, prefix + "multihead_attn.", shape.Width, shape.Heads, shape.Dropout);
        AddLinear(tensors, prefix + "linear1.", shape.Width, shape.FeedForward);
        AddLinear(tensors, prefix + "linear2.", shape.FeedForward, shape.Width);
        for (var i = 1; i <= (isDecoder ? 3 : 2); i++) AddNorm(tensors, $"{prefix}norm{i}.", shape.Width);
    }

    internal Tensor Encode(Tensor source, Tensor? mask, Tensor? ignoredKeys, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = AddAndNorm(source, selfAttention.Attend(source, source, source, ignoredKeys, mask, training).output, "norm1.", training);
        return AddAndNorm(attended, FeedForward(attended, training), "norm2.", training).MoveToOuterDisposeScope();
    }

    internal Tensor Decode(Tensor target, Tensor memory, Tensor? mask, Tensor? memoryMask, Tensor? ignoredKeys, Tensor? ignoredMemoryKeys, bool training)
    {
        using var scope = NewDisposeScope();
        var attended = AddAndNorm(target, selfAttention.Attend(target, target, target, ignoredKeys, mask, training).output, "norm1.", training);
        var informed = AddAndNorm(attended, memoryAttention!.Attend(attended, memory, memory, ignoredMemoryKeys, memoryMask, training).output, "norm2.", training);
        return AddAndNorm(informed, FeedForward(informed, training), "norm3.", training).MoveToOuterDisposeScope();
    }

    internal static void AddNorm(NativeTensors tensors, string prefix, long width)
    {
        if (tensors.Find(prefix + "weight") is not null) return;
        tensors.Add(prefix + "weight", ones(width));
        tensors.Add(prefix + "bias", zeros(width));
    }

    internal static Tensor Normalize(NativeTensors tensors, string prefix, Tensor input) =>
        functional.layer_norm(input, [input.shape[^1]], tensors[prefix + "weight"], tensors[prefix + "bias"]);

    private static void AddLinear(NativeTensors tensors, string prefix, long input, long output)
    {
        if (tensors.Find(prefix + "weight") is not null) return;
        init.kaiming_uniform_(tensors.Add(prefix + "weight", empty(output, input)), Math.Sqrt(5));
        init.UniformByFanIn(tensors.Add(prefix + "bias", empty(output)), input);
    }

    private Tensor FeedForward(Tensor input, bool training)
    {
        var inner = Linear(input, "linear1.");
        inner = shape.Activation == Activations.GELU ? functional.gelu(inner) : functional.relu(inner);
        return Linear(functional.dropout(inner, shape.Dropout, training), "linear2.");
    }

    private Tensor Linear(Tensor input, string name) => functional.linear(input, tensors[prefix + name + "weight"], tensors[prefix + name + "bias"]);

    private Tensor AddAndNorm(Tensor input, Tensor branch, string norm, bool training) =>
        Normalize(tensors, prefix + norm, input + functional.dropout(branch, shape.Dropout, training));
}

/// <summary>Layers in a row; each begins as a copy of one that was made before, values included, as libtorch clones them.</summary>
internal sealed class TransformerStack
{
    private readonly TransformerBlock[] blocks;

    internal TransformerStack(NativeTensors tensors, string prefix, TransformerShape shape, long count, bool isDecoder, NativeTensors? prototype)
    {
        blocks = new TransformerBlock[count];
        for (var i = 0; i < count; i++)
        {
            foreach (var (name, tensor) in prototype?.All ?? [])
            {
                using var values = tensor.detach();
                tensors.Add($"{prefix}layers.{i}.{name}", values.clone());
            }
            blocks[i] = new(tensors, $"{prefix}layers.{i}.", shape, isDecoder);
        }
    }

    internal Tensor Run(Tensor input, Func<TransformerBlock, Tensor, Tensor> step)
    {
        using var scope = NewDisposeScope();
        var current = input;
        foreach (var block in blocks) current = step(block, current);
        return (ReferenceEquals(current, input) ? input.alias() : current).MoveToOuterDisposeScope();
    }
}
