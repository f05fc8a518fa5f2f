using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static StandIns.TorchSharp.Tests.Layers.Deterministic;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>The gradient of every layer, by its input and its parameters, against finite differences.</summary>
public class GradientTests
{
    internal static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> make, long[] input)> Layers = new()
    {
        ["Linear"] = (() => Linear(3, 4), [2, 3]),
        ["Conv1d"] = (() => Conv1d(2, 4, 3, stride: 2, padding: 1), [2, 2, 6]),
        ["Conv2d"] = (() => Conv2d(2, 4, (3, 2), stride: (2, 1), padding: (1, 0), groups: 2), [1, 2, 5, 4]),
        ["Conv2d same"] = (() => Conv2d(1, 2, 3, Padding.Same), [1, 1, 4, 4]),
        ["Conv2d reflect"] = (() => Conv2d(1, 2, 3, padding: 1, padding_mode: PaddingModes.Reflect), [1, 1, 4, 4]),
        ["Conv3d"] = (() => Conv3d(1, 2, 2, dilation: 2), [1, 1, 3, 4, 3]),
        ["ConvTranspose1d"] = (() => ConvTranspose1d(2, 3, 3, stride: 2, output_padding: 1), [1, 2, 3]),
        ["ConvTranspose2d"] = (() => ConvTranspose2d(2, 3, 3, stride: 2, padding: 1), [1, 2, 3, 2]),
        ["ConvTranspose3d"] = (() => ConvTranspose3d(1, 2, 2), [1, 1, 2, 2, 2]),
        ["BatchNorm1d"] = (() => BatchNorm1d(3), [4, 3]),
        ["BatchNorm2d"] = (() => BatchNorm2d(2, track_running_stats: false), [2, 2, 3, 2]),
        ["BatchNorm3d"] = (() => BatchNorm3d(2), [2, 2, 2, 2, 1]),
        ["InstanceNorm1d"] = (() => InstanceNorm1d(2, affine: true), [2, 2, 4]),
        ["InstanceNorm2d"] = (() => InstanceNorm2d(2), [2, 2, 3, 2]),
        ["InstanceNorm3d"] = (() => InstanceNorm3d(2), [1, 2, 2, 2, 2]),
        ["LayerNorm"] = (() => LayerNorm([3, 2]), [2, 3, 2]),
        ["GroupNorm"] = (() => GroupNorm(2, 4), [2, 4, 3]),
        ["LocalResponseNorm"] = (() => LocalResponseNorm(3, 0.1), [1, 4, 3]),
        ["PReLU"] = (() => PReLU(2), [2, 2, 3]),
        ["MaxPool1d"] = (() => MaxPool1d(3, 2, 1), [1, 2, 7]),
        ["MaxPool2d"] = (() => MaxPool2d(2), [1, 2, 4, 4]),
        ["MaxPool3d"] = (() => MaxPool3d(2), [1, 1, 2, 4, 2]),
        ["AvgPool1d"] = (() => AvgPool1d(3, 2, 1), [1, 2, 7]),
        ["AvgPool2d"] = (() => AvgPool2d((2, 3), padding: (1, 1), count_include_pad: false), [1, 2, 4, 5]),
        ["AvgPool3d"] = (() => AvgPool3d(2, divisor_override: 3), [1, 1, 2, 4, 2]),
        ["AdaptiveAvgPool1d"] = (() => AdaptiveAvgPool1d(3), [1, 2, 7]),
        ["AdaptiveAvgPool2d"] = (() => AdaptiveAvgPool2d((2, 3)), [1, 2, 4, 5]),
        ["AdaptiveAvgPool3d"] = (() => AdaptiveAvgPool3d(2), [1, 1, 3, 4, 2]),
        ["AdaptiveMaxPool1d"] = (() => AdaptiveMaxPool1d(3), [1, 2, 7]),
        ["AdaptiveMaxPool2d"] = (() => AdaptiveMaxPool2d([2, 3]), [1, 2, 4, 5]),
        ["AdaptiveMaxPool3d"] = (() => AdaptiveMaxPool3d([2, 1, 2]), [1, 1, 3, 4, 2]),
        ["LPPool1d"] = (() => LPPool1d(2, 3), [1, 2, 6]),
        ["LPPool2d"] = (() => LPPool2d(2, 2), [1, 1, 4, 4]),
        ["ConstantPad2d"] = (() => ConstantPad2d((1, 2, 0, 1), 3), [1, 1, 2, 3]),
        ["ReflectionPad1d"] = (() => ReflectionPad1d(2), [1, 2, 4]),
        ["ReplicationPad3d"] = (() => ReplicationPad3d(1), [1, 1, 2, 2, 2]),
        ["ZeroPad2d"] = (() => ZeroPad2d(1), [1, 1, 2, 2]),
        ["Upsample nearest"] = (() => Upsample(scale_factor: [2.0, 1.5]), [1, 1, 3, 4]),
        ["Upsample bilinear"] = (() => Upsample([5, 4], mode: UpsampleMode.Bilinear, align_corners: true), [1, 1, 3, 2]),
        ["Unfold"] = (() => Unfold(2, padding: 1), [1, 2, 3, 3]),
        ["Fold"] = (() => Fold((3, 4), (2, 2)), [1, 4, 6]),
        ["PixelShuffle"] = (() => PixelShuffle(2), [1, 4, 2, 2]),
        ["PixelUnshuffle"] = (() => PixelUnshuffle(2), [1, 1, 4, 2]),
        ["ChannelShuffle"] = (() => ChannelShuffle(2), [1, 4, 2, 1]),
        ["Flatten"] = (() => Flatten(), [2, 3, 2]),
        ["Unflatten"] = (() => Unflatten(1, [2, 3]), [2, 6]),
        ["Softmax"] = (() => Softmax(1), [2, 4]),
        ["Softmax2d"] = (() => Softmax2d(), [1, 3, 2, 2]),
        ["Softmin"] = (() => Softmin(1), [2, 4]),
        ["LogSoftmax"] = (() => LogSoftmax(1), [2, 4]),
        ["GLU"] = (() => GLU(1), [2, 4]),
        ["TransformerEncoderLayer"] = (() => TransformerEncoderLayer(4, 2, 6, dropout: 0), [3, 2, 4]),
        ["TransformerEncoderLayer GELU"] = (() => TransformerEncoderLayer(4, 2, 6, dropout: 0, Activations.GELU), [3, 1, 4]),
    };

    public static TheoryData<string> Names => new(Layers.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Layer_HasTheGradientOfItsFunction(string name)
    {
        var (make, shape) = Layers[name];
        var layer = make().Settled();
        var input = Wave(shape).requires_grad_();
        AssertGradients(() => layer.call(input).Weighed(), [input, .. layer.parameters()]);
    }

    [Fact]
    public void Bilinear_HasTheGradientOfItsFunction()
    {
        var layer = Bilinear(2, 3, 2).Settled();
        var (left, right) = (Wave(2, 2).requires_grad_(), (Wave(2, 3) * 0.8).detach().requires_grad_());
        AssertGradients(() => layer.call(left, right).Weighed(), [left, right, .. layer.parameters()]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RecurrentLayers_HaveTheGradientOfTheirFunction(bool bidirectional)
    {
        var input = Wave(3, 2, 2).requires_grad_();
        var lstm = LSTM(2, 2, 2, bidirectional: bidirectional).Settled();
        AssertGradients(() => lstm.call(input) is var (output, state, cell) ? output.Weighed() + state.Weighed() + cell.Weighed() : null!,
            [input, .. lstm.parameters()]);
        var gru = GRU(2, 2, 2, bidirectional: bidirectional).Settled();
        AssertGradients(() => gru.call(input) is var (output, state) ? output.Weighed() + state.Weighed() : null!, [input, .. gru.parameters()]);
        var rnn = RNN(2, 2, 2, bidirectional: bidirectional).Settled();
        AssertGradients(() => rnn.call(input) is var (output, state) ? output.Weighed() + state.Weighed() : null!, [input, .. rnn.parameters()]);
    }

    [Fact]
    public void Attention_HasTheGradientOfItsFunction()
    {
        var attention = MultiheadAttention(4, 2, add_bias_kv: true, add_zero_attn: true).Settled();
        var (query, memory) = (Wave(2, 1, 4).requires_grad_(), (Wave(3, 1, 4) * 0.7).detach().requires_grad_());
        AssertGradients(() => attention.call(query, memory, memory) is var result ? result.Item1.Weighed() + result.Item2.Weighed() : null!,
            [query, memory, .. attention.parameters()]);
    }

    [Fact]
    public void Decoder_HasTheGradientOfItsFunction()
    {
        var decoder = TransformerDecoderLayer(4, 2, 3, dropout: 0).Settled();
        var (target, memory) = (Wave(2, 1, 4).requires_grad_(), (Wave(3, 1, 4) * 0.7).detach().requires_grad_());
        AssertGradients(() => decoder.call(target, memory).Weighed(), [target, memory, .. decoder.parameters()]);
    }

    [Fact]
    public void Embedding_SumsTheGradientsOfTheRowsItGave_AndNoneForPadding()
    {
        var embedding = Embedding(4, 3, padding_idx: 1).Settled();
        var weight = embedding.parameters().Single();
        embedding.call(torch.tensor(new long[] { 2, 1, 2, 0 })).Weighed().backward();
        var rows = Wave(4, 3).Values().Chunk(3).ToArray();
        Numbers.AssertClose([.. rows[3], 0, 0, 0, .. rows[0].Zip(rows[2], (a, b) => a + b), 0, 0, 0], weight.grad!);
    }

    [Theory]
    [InlineData(EmbeddingBagMode.Sum)]
    [InlineData(EmbeddingBagMode.Mean)]
    [InlineData(EmbeddingBagMode.Max)]
    public void EmbeddingBag_HasTheGradientOfItsFunction(EmbeddingBagMode mode)
    {
        var bag = EmbeddingBag(5, 3, mode: mode).Settled();
        var indices = torch.tensor(new long[] { 4, 1, 2, 3 });
        var offsets = torch.tensor(new long[] { 0, 3 });
        AssertGradients(() => bag.call(indices, offsets).Weighed(), [.. bag.parameters()]);
    }

    [Fact]
    public void BatchNorm1d_OfASingleSample_GivesNoGradientUpstream()
    {
        var norm = BatchNorm1d(3);
        var input = rand([1, 3], requires_grad: true);
        norm.call(input).sum().backward();
        Assert.Equal([0, 0, 0], input.grad!.Values());
    }

    [Fact]
    public void InPlaceMish_FailsInBackward() =>
        Assert.ThrowsAny<Exception>(() => Sequential(Linear(2, 2), Mish(inplace: true), Linear(2, 1)).call(ones(1, 2)).sum().backward());
}
