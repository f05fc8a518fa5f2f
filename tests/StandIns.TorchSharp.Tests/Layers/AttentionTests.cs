using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static StandIns.TorchSharp.Tests.Layers.Deterministic;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>Attention against its definition, as loops over heads, queries and keys in plain C#; transformers as made of their parts.</summary>
public class AttentionTests
{
    private const int Width = 4, Heads = 2, Queries = 2, Keys = 3;

    private static double[] Softmax(IEnumerable<double> scores)
    {
        var e = scores.Select(Math.Exp).ToArray();
        return [.. e.Select(v => v / e.Sum())];
    }

    private static double[][] Rows(Tensor tensor, int width) => tensor.Values().Chunk(width).ToArray();

    private static double[] Project(double[] x, double[] weight, double[] bias, int offset) =>
        [.. Enumerable.Range(offset, Width).Select(row => bias[row] + x.Select((v, i) => v * weight[row * x.Length + i]).Sum())];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void MultiheadAttention_IsSoftmaxOfScaledProductsByHead(bool masked, bool padded)
    {
        var attention = MultiheadAttention(Width, Heads).Settled();
        var (query, memory) = (Wave(Queries, 1, Width), Wave(Keys, 1, Width) * 0.8);
        double[] mask = [0, -1, 0.5, double.NegativeInfinity, 0, 0];
        bool[] ignored = [false, true, false];

        var (w, b) = (attention.get_parameter("in_proj_weight")!.Values(), attention.get_parameter("in_proj_bias")!.Values());
        var q = Rows(query, Width).Select(x => Project(x, w, b, 0)).ToArray();
        var k = Rows(memory, Width).Select(x => Project(x, w, b, Width)).ToArray();
        var v = Rows(memory, Width).Select(x => Project(x, w, b, 2 * Width)).ToArray();
        var (output, weights) = (new List<double>(), new double[Queries * Keys]);
        for (var i = 0; i < Queries; i++)
        {
            var joined = new double[Width];
            for (var head = 0; head < Heads; head++)
            {
                var own = Enumerable.Range(head * 2, 2).ToArray();
                var shares = Softmax(Enumerable.Range(0, Keys).Select(j =>
                    own.Sum(d => q[i][d] * k[j][d]) / Math.Sqrt(2) + (masked ? mask[i * Keys + j] : 0) + (padded && ignored[j] ? double.NegativeInfinity : 0)));
                foreach (var d in own) joined[d] = Enumerable.Range(0, Keys).Sum(j => shares[j] * v[j][d]);
                for (var j = 0; j < Keys; j++) weights[i * Keys + j] += shares[j] / Heads;
            }
            output.AddRange(Project(joined, attention.get_parameter("out_proj.weight")!.Values(), attention.get_parameter("out_proj.bias")!.Values(), 0));
        }

        var result = attention.call(query, memory, memory, padded ? torch.tensor(ignored).reshape(1, Keys) : null, true,
            masked ? torch.tensor(mask).reshape(Queries, Keys) : null);
        Numbers.AssertClose([.. output], result.Item1, 1e-9);
        Numbers.AssertClose(weights, result.Item2, 1e-9);
    }

    [Fact]
    public void MultiheadAttention_AddsABooleanMask_InsteadOfForbidding()
    {
        var attention = MultiheadAttention(Width, Heads).Settled();
        var input = Wave(Keys, 1, Width);
        var forbidden = ones(Keys, Keys).triu(1).to(@bool);
        var expected = attention.call(input, input, input, attn_mask: forbidden.to(float64)).Item1;
        Assert.True(expected.allclose(attention.call(input, input, input, attn_mask: forbidden).Item1));
    }

    [Fact]
    public void MultiheadAttention_WithoutWeights_GivesAnInvalidTensor()
    {
        var input = Wave(Keys, 1, Width);
        Assert.True(MultiheadAttention(Width, Heads).Settled().call(input, input, input, need_weights: false).Item2.IsInvalid);
    }

    [Fact]
    public void MultiheadAttention_RefusesHeadsThatDoNotDivideTheWidth() =>
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => MultiheadAttention(5, 2));

    [Fact]
    public void ScaledDotProductAttention_AgainstTheFormula()
    {
        var (q, k, v) = (Wave(2, 4), Wave(3, 4) * 0.6, Wave(3, 2));
        var (qr, kr, vr) = (Rows(q, 4), Rows(k, 4), Rows(v, 2));
        double[] Expected(Func<int, int, double> mask) => [.. from i in new[] { 0, 1 }
            let shares = Softmax(Enumerable.Range(0, 3).Select(j => qr[i].Zip(kr[j], (a, b) => a * b).Sum() / 2 + mask(i, j)))
            from d in new[] { 0, 1 } select Enumerable.Range(0, 3).Sum(j => shares[j] * vr[j][d])];

        Numbers.AssertClose(Expected((_, _) => 0), functional.scaled_dot_product_attention(q, k, v), 1e-9);
        Numbers.AssertClose(Expected((i, j) => j > i ? double.NegativeInfinity : 0), functional.scaled_dot_product_attention(q, k, v, is_casual: true), 1e-9);
        Numbers.AssertClose(Expected((i, j) => 0.3 * i * j),
            functional.scaled_dot_product_attention(q, k, v, torch.tensor(new[] { 0, 0, 0, 0, 0.3, 0.6 }).reshape(2, 3)), 1e-9);
        Numbers.AssertClose(Expected((_, j) => j == 1 ? double.NegativeInfinity : 0),
            functional.scaled_dot_product_attention(q, k, v, torch.tensor(new[] { true, false, true }).expand(2, 3)), 1e-9);
        Assert.Throws<ArgumentException>(() => functional.scaled_dot_product_attention(q, k, v, ones(2, 3), is_casual: true));
    }

    private static Tensor Norm(Tensor x, Module module, string name) =>
        functional.layer_norm(x, [Width], module.get_parameter(name + ".weight"), module.get_parameter(name + ".bias"));

    private static Tensor Attend(Module module, string prefix, Tensor query, Tensor memory)
    {
        var attention = MultiheadAttention(Width, Heads).to(float64);
        attention.load_state_dict(attention.state_dict().Keys.ToDictionary(name => name, name => (Tensor)module.get_parameter(prefix + name)!));
        return attention.call(query, memory, memory).Item1;
    }

    private static Tensor FeedForward(Module module, Tensor x) => functional.linear(
        functional.relu(functional.linear(x, module.get_parameter("linear1.weight")!, module.get_parameter("linear1.bias"))),
        module.get_parameter("linear2.weight")!, module.get_parameter("linear2.bias"));

    [Fact]
    public void EncoderLayer_AddsThenNormalizes()
    {
        var layer = TransformerEncoderLayer(Width, Heads, 6).Settled();
        layer.eval();
        var x = Wave(3, 2, Width);
        var attended = Norm(x + Attend(layer, "self_attn.", x, x), layer, "norm1");
        Assert.True(Norm(attended + FeedForward(layer, attended), layer, "norm2").allclose(layer.call(x)));
    }

    [Fact]
    public void DecoderLayer_AttendsToItselfThenToTheMemory()
    {
        var layer = TransformerDecoderLayer(Width, Heads, 6).Settled();
        layer.eval();
        var (x, memory) = (Wave(2, 2, Width), Wave(3, 2, Width) * 0.7);
        var attended = Norm(x + Attend(layer, "self_attn.", x, x), layer, "norm1");
        var informed = Norm(attended + Attend(layer, "multihead_attn.", attended, memory), layer, "norm2");
        Assert.True(Norm(informed + FeedForward(layer, informed), layer, "norm3").allclose(layer.call(x, memory)));
    }

    [Fact]
    public void EncoderAndDecoder_RunTheirLayersInARow()
    {
        var (encoderLayer, decoderLayer) = (TransformerEncoderLayer(Width, Heads, 6, 0).to(float64), TransformerDecoderLayer(Width, Heads, 6, 0).to(float64));
        var (x, memory) = (Wave(2, 1, Width), Wave(3, 1, Width));
        Assert.True(encoderLayer.call(encoderLayer.call(x)).allclose(TransformerEncoder(encoderLayer, 2).to(float64).call(x)));
        Assert.True(decoderLayer.call(decoderLayer.call(x, memory), memory).allclose(TransformerDecoder(decoderLayer, 2).to(float64).call(x, memory)));
    }

    [Fact]
    public void Transformer_NormalizesAfterEncoderAndDecoder()
    {
        var model = Transformer(Width, Heads, 1, 1, 6, 0).Settled();
        var (encoder, decoder) = (TransformerEncoderLayer(Width, Heads, 6, 0).to(float64), TransformerDecoderLayer(Width, Heads, 6, 0).to(float64));
        encoder.load_state_dict(encoder.state_dict().Keys.ToDictionary(name => name, name => (Tensor)model.get_parameter("encoder.layers.0." + name)!));
        decoder.load_state_dict(decoder.state_dict().Keys.ToDictionary(name => name, name => (Tensor)model.get_parameter("decoder.layers.0." + name)!));
        var (source, target) = (Wave(3, 1, Width), Wave(2, 1, Width) * 0.7);
        var memory = Norm(encoder.call(source), model, "encoder.norm");
        Assert.True(Norm(decoder.call(target, memory), model, "decoder.norm").allclose(model.call(source, target)));
    }
}
