using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>Modules that TorchSharp keeps in libtorch: dotted parameter names, no children, and lost to dispose scopes.</summary>
public class NativeModuleTests
{
    private static readonly string[] Attention = ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"];

    private static IEnumerable<string> Prefixed(string prefix, IEnumerable<string> names) => names.Select(name => prefix + name);

    private static string[] LinearsAndNorms(int norms) =>
        [.. Prefixed("linear1.", ["weight", "bias"]), .. Prefixed("linear2.", ["weight", "bias"]),
            .. Enumerable.Range(1, norms).SelectMany(i => Prefixed($"norm{i}.", ["weight", "bias"]))];

    private static readonly string[] EncoderLayer = [.. Prefixed("self_attn.", Attention), .. LinearsAndNorms(2)];
    private static readonly string[] DecoderLayer = [.. Prefixed("self_attn.", Attention), .. Prefixed("multihead_attn.", Attention), .. LinearsAndNorms(3)];

    private static void AssertNames(Module module, IEnumerable<string> expected)
    {
        Assert.Equal(expected, module.named_parameters().Select(entry => entry.name));
        Assert.Empty(module.children());
        Assert.Empty(module.named_modules());
    }

    [Fact]
    public void RecurrentLayers_NameParametersByLayerAndDirection()
    {
        AssertNames(LSTM(3, 4, 2, bidirectional: true), from layer in new[] { 0, 1 } from direction in new[] { "", "_reverse" }
                                                        from name in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" } select $"{name}_l{layer}{direction}");
        AssertNames(GRU(3, 4, bias: false), ["weight_ih_l0", "weight_hh_l0"]);
        AssertNames(RNN(3, 4), ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]);
        AssertNames(LSTMCell(3, 4), ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]);
        Assert.Equal([16L, 8L], LSTM(3, 4, 2, bidirectional: true).get_parameter("weight_ih_l1")!.shape);
        Assert.Equal([12L, 3L], GRU(3, 4).get_parameter("weight_ih_l0")!.shape);
    }

    [Fact]
    public void AttentionAndTransformers_UseDottedNames()
    {
        AssertNames(MultiheadAttention(8, 2), Attention);
        AssertNames(MultiheadAttention(8, 2, kdim: 3, vdim: 4), ["q_proj_weight", "k_proj_weight", "v_proj_weight", .. Attention[1..]]);
        AssertNames(MultiheadAttention(8, 2, bias: false, add_bias_kv: true), ["in_proj_weight", "bias_k", "bias_v", "out_proj.weight"]);
        AssertNames(TransformerEncoderLayer(8, 2, 16), EncoderLayer);
        AssertNames(TransformerDecoderLayer(8, 2, 16), DecoderLayer);
        AssertNames(TransformerEncoder(TransformerEncoderLayer(8, 2, 16), 2), [.. Prefixed("layers.0.", EncoderLayer), .. Prefixed("layers.1.", EncoderLayer)]);
        AssertNames(TransformerDecoder(TransformerDecoderLayer(8, 2, 16), 1), Prefixed("layers.0.", DecoderLayer));
        AssertNames(Transformer(8, 2, 1, 1, 16),
            [.. Prefixed("encoder.layers.0.", EncoderLayer), "encoder.norm.weight", "encoder.norm.bias", .. Prefixed("decoder.layers.0.", DecoderLayer),
                "decoder.norm.weight", "decoder.norm.bias"]);
    }

    [Fact]
    public void TransformerEncoder_StartsFromEqualCopiesOfItsLayer()
    {
        var layer = TransformerEncoderLayer(8, 2, 16);
        var encoder = TransformerEncoder(layer, 2);
        foreach (var name in EncoderLayer)
        {
            Assert.Equal(layer.get_parameter(name), encoder.get_parameter($"layers.0.{name}"));
            Assert.Equal(layer.get_parameter(name), encoder.get_parameter($"layers.1.{name}"));
        }
    }

    public static TheoryData<Func<Module>> Makers => new(
        () => LSTM(3, 4), () => GRU(3, 4), () => RNN(3, 4), () => LSTMCell(3, 4), () => GRUCell(3, 4), () => RNNCell(3, 4), () => Embedding(5, 3),
        () => EmbeddingBag(5, 3), () => MultiheadAttention(8, 2), () => TransformerEncoderLayer(8, 2, 16), () => TransformerDecoderLayer(8, 2, 16),
        () => TransformerEncoder(TransformerEncoderLayer(8, 2, 16), 1), () => TransformerDecoder(TransformerDecoderLayer(8, 2, 16), 1), () =>
            Transformer(8, 2, 1, 1, 16));

    [Theory]
    [MemberData(nameof(Makers), DisableDiscoveryEnumeration = true)]
    public void MadeInsideADisposeScope_LosesItsParametersWhenTheScopeCloses(Func<Module> make)
    {
        Module module;
        using (NewDisposeScope())
        {
            module = make();
            Assert.NotEmpty(module.named_parameters());
        }
        Assert.Empty(module.named_parameters());
        Assert.Empty(module.state_dict());
    }

    [Fact]
    public void ManagedLayers_KeepTheirs()
    {
        Linear layer;
        using (NewDisposeScope()) layer = Linear(3, 4);
        Assert.Equal(2, layer.named_parameters().Count());
    }

    [Fact]
    public void LostParameters_StillComputeAndBackpropagate()
    {
        LSTM lstm;
        using (NewDisposeScope()) lstm = LSTM(3, 4);
        var input = rand([5, 2, 3], requires_grad: true);
        var (output, _, _) = lstm.call(input);
        output.sum().backward();
        Assert.True(input.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void To_ChangesTheTensorsThemselves_SoParametersAndOptimizersStayGood()
    {
        var lstm = LSTM(3, 4);
        var optimizer = optim.SGD(lstm.parameters(), 0.1);
        var weight = lstm.get_parameter("weight_ih_l0")!;
        lstm.to(float64);
        Assert.Same(weight, lstm.get_parameter("weight_ih_l0"));
        Assert.Equal(float64, weight.dtype);

        var before = weight.clone();
        var (output, _, _) = lstm.call(rand(5, 2, 3, dtype: float64));
        output.sum().backward();
        optimizer.step();
        Assert.False(weight.allclose(before));
    }

    [Fact]
    public void CellWeights_AreNewHandlesAtEachRead_AndCanBeSet()
    {
        var cell = LSTMCell(3, 4);
        using var first = cell.weight_ih!;
        using var second = cell.weight_ih!;
        Assert.NotSame(first, second);
        Assert.Equal(first, second);

        cell.weight_ih = new Parameter(ones(16, 3));
        Assert.Equal(1f, cell.get_parameter("weight_ih")!.mean().item<float>());
        var state = (zeros(1, 4), zeros(1, 4));
        var (h, _) = cell.call(zeros(1, 3), state);
        var (g, _) = cell.call(ones(1, 3) * 100, state);
        Assert.False(h.allclose(g));
    }

    [Fact]
    public void LSTMCellWithoutAState_Throws_TheOtherCellsStartFromZeros()
    {
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => LSTMCell(3, 4).call(ones(2, 3)));
        Assert.Equal([2L, 4L], GRUCell(3, 4).call(ones(2, 3), null!).shape);
        Assert.Equal([2L, 4L], RNNCell(3, 4).call(ones(2, 3), null!).shape);
    }

    [Fact]
    public void StateDict_LoadsIntoAnotherModule_ThatThenComputesTheSame()
    {
        var (source, target) = (GRU(3, 4, 2), GRU(3, 4, 2));
        target.load_state_dict(source.state_dict());
        var input = rand(5, 2, 3);
        Assert.True(source.call(input).Item1.allclose(target.call(input).Item1));
    }

    [Fact]
    public void EncoderLayerCallsWithMasks_RunNoHooks()
    {
        var runs = 0;
        var layer = TransformerEncoderLayer(8, 2, 16);
        layer.register_forward_hook((_, _, y) => { runs++; return y; });
        layer.call(rand(3, 1, 8), zeros(3, 3));
        Assert.Equal(0, runs);
        layer.call(rand(3, 1, 8));
        Assert.Equal(1, runs);
    }

    [Fact]
    public void TupleHookReturningDefault_ReplacesTheResultsOfAnLSTMByNulls()
    {
        var lstm = LSTM(3, 4);
        lstm.register_forward_hook((_, _, _, _) => default);
        Assert.Null(lstm.call(rand(5, 2, 3)).Item1);
    }
}
