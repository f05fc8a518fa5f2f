using System;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Multi-head attention over sequences of shape (length, batch, width), on tensors named by a prefix.</summary>
internal sealed class AttentionBlock
{
    private readonly NativeTensors tensors;
    private readonly string prefix;
    private readonly long width;
    private readonly long heads;
    private readonly double dropout;
    private readonly bool addsZero;

    /// <summary>Finds the tensors where they are there, else makes them: Xavier for the projections of the inputs, zero biases.</summary>
    internal AttentionBlock(NativeTensors tensors, string prefix, long width, long heads, double dropout, bool bias = true, bool addBias = false,
        bool addZero = false, long? keyWidth = null, long? valueWidth = null)
    {
        if (width % heads != 0) throw new ExternalException("embed_dim must be divisible by num_heads");
        (this.tensors, this.prefix, this.width, this.heads, this.dropout, addsZero) = (tensors, prefix, width, heads, dropout, addZero);
        if (tensors.Find(prefix + "out_proj.weight") is not null) return;

        // libtorch's order, so that a seed gives the weights it gives there; the bias is drawn before it is set to zero.
        var outWeight = init.kaiming_uniform_(empty(width, width), Math.Sqrt(5));
        var outBias = bias ? init.UniformByFanIn(empty(width), width) : null;

        if (keyWidth is null && valueWidth is null) Add("in_proj_weight", 3 * width, width);
        else
        {
            Add("q_proj_weight", width, width);
            Add("k_proj_weight", width, keyWidth ?? width);
            Add("v_proj_weight", width, valueWidth ?? width);
        }
        if (bias) init.zeros_(tensors.Add(prefix + "in_proj_bias", empty(3 * width)));
        if (addBias)
        {
            AddExtra("bias_k");
            AddExtra("bias_v");
        }
        tensors.Add(prefix + "out_proj.weight", outWeight);
        if (outBias is not null) init.zeros_(tensors.Add(prefix + "out_proj.bias", outBias));
    }

    /// <summary>The output, and the weights' mean over the heads. A mask is added to the scores: a boolean one forbids nothing.</summary>
    internal (Tensor output, Tensor weights) Attend(Tensor query, Tensor key, Tensor value, Tensor? ignoredKeys, Tensor? mask, bool training)
    {
        using var scope = NewDisposeScope();
        var (length, batch) = (query.shape[0], query.shape[1]);
        var (q, k, v) = (Project(query, "q_proj_weight", 0) / Math.Sqrt(width / heads), Project(key, "k_proj_weight", 1), Project(value, "v_proj_weight", 2));
        if (Find("bias_k") is { } extraKey)
        {
            k = cat([k, extraKey.expand(1, batch, width)]);
            v = cat([v, Find("bias_v")!.expand(1, batch, width)]);
            (mask, ignoredKeys) = (Widened(mask), Widened(ignoredKeys));
        }
        (q, k, v) = (SplitHeads(q, batch), SplitHeads(k, batch), SplitHeads(v, batch));
        if (addsZero)
        {
            k = cat([k, zeros_like(k.narrow(1, 0, 1))], 1);
            v = cat([v, zeros_like(v.narrow(1, 0, 1))], 1);
            (mask, ignoredKeys) = (Widened(mask), Widened(ignoredKeys));
        }

        var scores = q.bmm(k.transpose(1, 2));
        if (mask is not null) scores += mask.unsqueeze(0);
        if (ignoredKeys is not null)
        {
            var ignored = ignoredKeys.to(ScalarType.Bool).unsqueeze(1).unsqueeze(2);
            scores = scores.view(batch, heads, length, -1).masked_fill(ignored, double.NegativeInfinity).view(batch * heads, length, -1);
        }
        var weights = functional.dropout(functional.softmax(scores, -1), dropout, training);
        var joined = weights.bmm(v).transpose(0, 1).contiguous().view(length, batch, width);
        var output = functional.linear(joined, Find("out_proj.weight")!, Find("out_proj.bias"));
        return (output.MoveToOuterDisposeScope(), weights.view(batch, heads, length, -1).mean([1L]).MoveToOuterDisposeScope());
    }

    private Tensor Project(Tensor input, string name, long third)
    {
        var weight = Find(name) ?? Find("in_proj_weight")!.narrow(0, third * width, width);
        return functional.linear(input, weight, Find("in_proj_bias")?.narrow(0, third * width, width));
    }

    private Tensor SplitHeads(Tensor projected, long batch) => projected.contiguous().view(-1, batch * heads, width / heads).transpose(0, 1);

    private static Tensor? Widened(Tensor? mask) => mask is null ? null : cat([mask, zeros([mask.shape[0], 1], mask.dtype, mask.device)], 1);

    private Tensor? Find(string name) => tensors.Find(prefix + name);

    /// <summary>N(0, 2/(fan_in + fan_out)): libtorch's own Xavier is normal where it says so.</summary>
    private void AddExtra(string name)
    {
        var extra = tensors.Add(prefix + name, empty(1, 1, width));
        var (fanIn, fanOut) = init.CalculateFanInAndFanOut(extra);
        init.normal_(extra, 0, Math.Sqrt(2.0 / (fanIn + fanOut)));
    }

    private void Add(string name, params long[] shape) => init.xavier_uniform_(tensors.Add(prefix + name, empty(shape)));
}
