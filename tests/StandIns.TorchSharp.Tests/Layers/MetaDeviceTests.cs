using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>Training steps of shapes alone: whoever reads a value of a meta tensor throws, so these steps read none.</summary>
public class MetaDeviceTests
{
    private static readonly Device Meta = torch.device("meta");

    public static TheoryData<string> Names => GradientTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Layer_TrainsOnTheMetaDevice(string name)
    {
        var (make, shape) = GradientTests.Layers[name];
        var layer = make();
        var expected = layer.call(ones(shape)).shape;
        layer.to(Meta);
        var input = empty(shape, device: Meta, requires_grad: true);
        using var output = layer.call(input);
        Assert.Equal(expected, output.shape);
        output.sum().backward();
        Assert.True(input.grad!.is_meta);
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.is_meta && parameter.grad!.is_meta));
        optim.Adam(layer.parameters()).step();
    }

    [Fact]
    public void RecurrentLayersAttentionAndEmbeddings_TrainOnTheMetaDevice()
    {
        Tensor Empty(params long[] shape) => empty(shape, device: Meta);

        var lstm = LSTM(3, 4, 2, bidirectional: true).to(Meta);
        lstm.call(Empty(5, 2, 3)).Item1.sum().backward();
        var gru = GRU(3, 4, device: Meta);
        gru.call(Empty(5, 2, 3)).Item1.sum().backward();
        var rnn = RNN(3, 4).to(Meta);
        rnn.call(Empty(5, 2, 3)).Item1.sum().backward();
        var attention = MultiheadAttention(4, 2).to(Meta);
        attention.call(Empty(5, 2, 4), Empty(5, 2, 4), Empty(5, 2, 4)).Item1.sum().backward();
        var embedding = Embedding(5, 3).to(Meta);
        embedding.call(zeros(2, dtype: int64, device: Meta)).sum().backward();
        foreach (var module in new Module[] { lstm, gru, rnn, attention, embedding })
        {
            Assert.NotEmpty(module.parameters());
            Assert.All(module.parameters(), parameter => Assert.True(parameter.is_leaf && parameter.grad!.is_meta));
            optim.SGD(module.parameters(), 0.1, 0.9).step();
        }
    }

    [Fact]
    public void LossesAndClippingByValue_WorkOnTheMetaDevice()
    {
        var input = empty(4, 3, device: Meta, requires_grad: true);
        functional.cross_entropy(input, zeros(4, dtype: int64, device: Meta)).backward();
        functional.mse_loss(input, zeros_like(input)).backward();
        functional.binary_cross_entropy_with_logits(input, zeros_like(input)).backward();
        var parameter = new Parameter(empty(3, device: Meta)) { grad = empty(3, device: Meta) };
        nn.utils.clip_grad_value_([parameter], 1);
        Assert.ThrowsAny<Exception>(() => nn.utils.clip_grad_norm_([parameter], 1));
    }
}
