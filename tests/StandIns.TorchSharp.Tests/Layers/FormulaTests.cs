using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static StandIns.TorchSharp.Tests.Layers.Deterministic;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>Layers against their definitions, written as loops in plain C#.</summary>
public class FormulaTests
{
    [Fact]
    public void Linear_IsAMatrixProductAndABias()
    {
        var layer = Linear(3, 2).Settled();
        var (x, w, b) = (Wave(2, 3).Values(), layer.weight.Values(), layer.bias!.Values());
        var expected = from row in new[] { 0, 1 } from unit in new[] { 0, 1 }
                       select b[unit] + Enumerable.Range(0, 3).Sum(i => x[3 * row + i] * w[3 * unit + i]);
        Numbers.AssertClose([.. expected], layer.call(Wave(2, 3)), 1e-9);
        Assert.Null(Linear(3, 2, hasBias: false).bias);
    }

    [Fact]
    public void Bilinear_IsAFormOfBothInputs()
    {
        var layer = Bilinear(2, 3, 2).Settled();
        var (x, y, w, b) = (Wave(2).Values(), Wave(3).Values(), layer.weight.Values(), layer.bias!.Values());
        var expected = from unit in new[] { 0, 1 }
                       select b[unit] + Enumerable.Range(0, 6).Sum(i => x[i / 3] * w[6 * unit + i] * y[i % 3]);
        Numbers.AssertClose([.. expected], layer.call(Wave(1, 2), Wave(1, 3)), 1e-9);
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(2, 1, 1, 2)]
    public void Conv2d_SumsOverChannelsAndKernel(int stride, int padding, int dilation, int groups)
    {
        const int Size = 6, Kernel = 3;
        var layer = Conv2d(2, 4, Kernel, stride, padding, dilation, groups: groups).Settled();
        var (x, w, b) = (Wave(1, 2, Size, Size).Values(), layer.weight.Values(), layer.bias!.Values());
        var inputs = 2 / groups;
        var places = (Size + 2 * padding - dilation * (Kernel - 1) - 1) / stride + 1;
        double At(int channel, int row, int column) => row is < 0 or >= Size || column is < 0 or >= Size ? 0 : x[(channel * Size + row) * Size + column];
        var expected = from unit in Enumerable.Range(0, 4) from row in Enumerable.Range(0, places) from column in Enumerable.Range(0, places)
                       select b[unit] + (from input in Enumerable.Range(0, inputs) from i in Enumerable.Range(0, Kernel) from j in Enumerable.Range(0, Kernel)
                                         select w[((unit * inputs + input) * Kernel + i) * Kernel + j]
                                             * At(unit / (4 / groups) * inputs + input, row * stride - padding + i * dilation,
                                                 column * stride - padding + j * dilation)).Sum();
        Numbers.AssertClose([.. expected], layer.call(Wave(1, 2, Size, Size)), 1e-9);
    }

    [Fact]
    public void ConvTranspose_IsTheAdjointOfConv()
    {
        var forward = Conv2d(3, 2, 3, stride: 2, padding: 1, bias: false).Settled();
        var back = ConvTranspose2d(2, 3, 3, stride: 2, padding: 1, bias: false).Settled();
        using (no_grad()) back.weight.copy_(forward.weight);
        var (x, y) = (Wave(1, 3, 5, 5), Wave(1, 2, 3, 3) * 0.7);
        Assert.Equal((forward.call(x) * y).sum().item<double>(), (x * back.call(y)).sum().item<double>(), 9);
    }

    [Fact]
    public void ConvTranspose_ReachesTheSizeItIsAskedFor()
    {
        var layer = ConvTranspose1d(1, 1, 3, stride: 2);
        Assert.Equal([1L, 1L, 9L], layer.call(ones(1, 1, 4)).shape);
        Assert.Equal([1L, 1L, 10L], layer.forward(ones(1, 1, 4), [10]).shape);
        Assert.Throws<ArgumentException>(() => layer.forward(ones(1, 1, 4), [11]));
    }

    [Fact]
    public void Conv_RefusesAnInputOfOtherChannels_AndTakesOneWithoutABatch()
    {
        Assert.Throws<ArgumentException>(() => Conv2d(3, 4, 1).call(ones(1, 2, 5, 5)));
        Assert.Equal([4L, 5L, 5L], Conv2d(3, 4, 1).call(ones(3, 5, 5)).shape);
        Assert.Equal([1L, 4L, 5L, 5L], Conv2d(3, 4, 3, Padding.Same).call(ones(1, 3, 5, 5)).shape);
    }

    [Fact]
    public void CircularPadding_WrapsAround()
    {
        var layer = Conv1d(1, 1, 3, padding: 1, padding_mode: PaddingModes.Circular, bias: false);
        using (no_grad()) layer.weight.fill_(1);
        Numbers.AssertClose([4 + 1 + 2, 1 + 2 + 3, 2 + 3 + 4, 3 + 4 + 1], layer.call(torch.tensor(new float[] { 1, 2, 3, 4 }).reshape(1, 1, 4)));
    }

    private static double[] Standardized(double[] x, double eps = 1e-5)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + eps);
        return [.. x.Select(v => (v - mean) / deviation)];
    }

    [Fact]
    public void BatchNorm_StandardizesByTheBatch_AndLearnsRunningStatistics()
    {
        var norm = BatchNorm1d(1, momentum: 0.3);
        norm.to(float64);
        double[] x = [1, 2, 4, 9];
        Numbers.AssertClose(Standardized(x), norm.call(torch.tensor(x).reshape(4, 1)), 1e-9);

        var mean = x.Average();
        var unbiased = x.Sum(v => (v - mean) * (v - mean)) / 3;
        Numbers.AssertClose([0.3 * mean], norm.running_mean!);
        Numbers.AssertClose([0.7 + 0.3 * unbiased], norm.running_var!);
        Assert.Equal(1, norm.num_batches_tracked!.Values()[0]);

        norm.eval();
        Numbers.AssertClose([.. x.Select(v => (v - 0.3 * mean) / Math.Sqrt(0.7 + 0.3 * unbiased + 1e-5))], norm.call(torch.tensor(x).reshape(4, 1)), 1e-9);
        Assert.Equal(1, norm.num_batches_tracked!.Values()[0]);
    }

    [Fact]
    public void BatchNorm_ChecksDimensions()
    {
        Assert.Throws<ArgumentException>(() => BatchNorm1d(2).call(ones(1, 2, 3, 4)));
        Assert.Throws<ArgumentException>(() => BatchNorm2d(2).call(ones(1, 2)));
        Assert.Throws<ArgumentException>(() => BatchNorm3d(2).call(ones(1, 2, 3, 4)));
    }

    [Fact]
    public void LayerNorm_StandardizesEachRow_InstanceNormEachChannel_GroupNormEachGroup()
    {
        var x = Wave(2, 4, 3);
        var values = x.Values();
        Numbers.AssertClose([.. values.Chunk(12).SelectMany(row => Standardized(row))], LayerNorm([4, 3]).to(float64).call(x), 1e-9);
        Numbers.AssertClose([.. values.Chunk(3).SelectMany(channel => Standardized(channel))], InstanceNorm1d(4).call(x), 1e-9);
        Numbers.AssertClose([.. values.Chunk(6).SelectMany(group => Standardized(group))], GroupNorm(2, 4, affine: false).call(x), 1e-9);
    }

    [Fact]
    public void LocalResponseNorm_DividesByNeighbours()
    {
        var values = Wave(4).Values();
        double Scale(int c) => Math.Pow(2 + 0.3 / 3 * Enumerable.Range(c - 1, 3).Where(i => i is >= 0 and < 4).Sum(i => values[i] * values[i]), 0.75);
        Numbers.AssertClose([.. values.Select((v, c) => v / Scale(c))], LocalResponseNorm(3, 0.3, 0.75, 2).call(Wave(1, 4, 1)), 1e-9);
    }

    [Fact]
    public void Pools_TakeWhatTheirNamesSay()
    {
        var x = torch.tensor(new double[] { 1, 5, 2, 4, 3, 6 }).reshape(1, 1, 6);
        Numbers.AssertClose([5, 4, 6], MaxPool1d(2).call(x));
        Numbers.AssertClose([5, 5, 6, 6], MaxPool1d(3, 2, 1, ceil_mode: true).call(x));
        Numbers.AssertClose([3, 3, 4.5], AvgPool1d(2).call(x));
        Numbers.AssertClose([2, 11 / 3.0, 13 / 3.0], AvgPool1d(3, 2, 1).call(x));
        Numbers.AssertClose([8 / 3.0, 13 / 3.0], AdaptiveAvgPool1d(2).call(x));
        Numbers.AssertClose([5, 6], AdaptiveMaxPool1d(2).call(x));
        Numbers.AssertClose([Math.Sqrt(26), Math.Sqrt(20), Math.Sqrt(45)], LPPool1d(2, 2).call(x));
    }

    [Fact]
    public void MaxPool_RemembersWhere_AndUnpoolPutsBack()
    {
        var x = torch.tensor(new double[] { 1, 5, 2, 4 }).reshape(1, 1, 4);
        var (values, indices) = MaxPool1d(2).forward_with_indices(x);
        Assert.Equal([1L, 3L], indices.data<long>().ToArray());
        Numbers.AssertClose([0, 5, 0, 4], MaxUnpool1d(2).call(values, indices));
    }

    [Fact]
    public void FractionalMaxPool_HasTheSizeItIsAskedFor()
    {
        Assert.Equal([1L, 2L, 3L, 3L], FractionalMaxPool2d(2, output_size: 3).call(Wave(1, 2, 7, 7)).shape);
        Assert.Equal([1L, 2L, 3L, 3L], FractionalMaxPool2d(2, output_ratio: 0.5).call(Wave(1, 2, 7, 7)).shape);
        Assert.Throws<ArgumentNullException>(() => FractionalMaxPool2d(2));
    }

    [Fact]
    public void Dropout_KeepsTheMean_ZeroesItsShare_AndRestsInEval()
    {
        torch.manual_seed(1);
        var layer = Dropout(0.3);
        var output = layer.call(ones(100_000)).Values();
        Assert.Equal(0.3, output.Count(v => v == 0) / 1e5, 2);
        Assert.All(output, v => Assert.True(v == 0 || Math.Abs(v - 1 / 0.7) < 1e-6));
        layer.eval();
        Assert.All(layer.call(ones(10)).Values(), v => Assert.Equal(1, v));
    }

    [Fact]
    public void ChannelDropout_ZeroesWholeChannels()
    {
        torch.manual_seed(1);
        foreach (var layer in new Module<Tensor, Tensor>[] { Dropout2d(), Dropout3d() })
        {
            var input = layer is Dropout2d ? ones(2, 50, 3, 4) : ones([2, 50, 3, 2, 2]);
            var channels = layer.call(input).Values().Chunk(12).ToArray();
            Assert.All(channels, channel => Assert.Single(channel.Distinct()));
            Assert.InRange(channels.Count(channel => channel[0] == 0), 30, 70);
        }
        Assert.All(Dropout1d().call(ones(2, 50, 4)).Values().Chunk(4), channel => Assert.Single(channel.Distinct()));
        Assert.Throws<ArgumentException>(() => Dropout1d().call(ones(2, 3)));
    }

    [Fact]
    public void AlphaDropout_KeepsMeanAndVariance()
    {
        torch.manual_seed(1);
        var output = AlphaDropout(0.3).call(randn(200_000)).Values();
        var mean = output.Average();
        Assert.Equal(0, mean, 1.5e-2);
        Assert.Equal(1, output.Average(v => (v - mean) * (v - mean)), 2e-2);
    }

    [Fact]
    public void ShapesOfReshapingLayers()
    {
        Assert.Equal([2L, 12L], Flatten().call(ones(2, 3, 4)).shape);
        Assert.Equal([6L, 4L], Flatten(0, 1).call(ones(2, 3, 4)).shape);
        Assert.Equal([2L, 3L, 2L, 2L], Unflatten(2, [2, 2]).call(ones(2, 3, 4)).shape);
        Assert.Throws<ArgumentException>(() => Unflatten(-1, [2, 2]).call(ones(2, 3, 4)));
        Assert.Equal([1L, 1L, 4L, 6L], PixelShuffle(2).call(ones(1, 4, 2, 3)).shape);
        Assert.Equal([1L, 4L, 2L, 3L], PixelUnshuffle(2).call(ones(1, 1, 4, 6)).shape);
        Assert.Equal([0, 2, 1, 3], ChannelShuffle(2).call(arange(4).to(float32).reshape(1, 4, 1, 1)).Values());
        Assert.Equal([1L, 8L, 4L], Unfold(2).call(ones(1, 2, 3, 3)).shape);
    }

    [Fact]
    public void Upsample_RepeatsOrInterpolates()
    {
        var x = torch.tensor(new double[] { 1, 3 }).reshape(1, 1, 2);
        Numbers.AssertClose([1, 1, 3, 3], Upsample(scale_factor: [2]).call(x));
        Numbers.AssertClose([1, 1.5, 2.5, 3], Upsample([4], mode: UpsampleMode.Linear).call(x));
        Numbers.AssertClose([1, 1 + 2 / 3.0, 1 + 4 / 3.0, 3], Upsample([4], mode: UpsampleMode.Linear, align_corners: true).call(x));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => Upsample().call(x));
    }

    [Fact]
    public void Distances_AgainstTheirFormulas()
    {
        double[] x = [1, 2, -1], y = [0.5, -1, 2];
        var (a, b) = (torch.tensor(x).unsqueeze(0), torch.tensor(y).unsqueeze(0));
        var dot = x.Zip(y, (p, q) => p * q).Sum();
        Numbers.AssertClose([dot / Math.Sqrt(x.Sum(v => v * v) * y.Sum(v => v * v))], CosineSimilarity().call(a, b), 1e-7);
        Numbers.AssertClose([Math.Pow(x.Zip(y, (p, q) => Math.Pow(Math.Abs(p - q + 1e-6), 3)).Sum(), 1 / 3.0)], PairwiseDistance(3).call(a, b), 1e-7);
        Numbers.AssertClose([.. x.Select(v => v / Math.Sqrt(6))], functional.normalize(a), 1e-9);
    }

    [Fact]
    public void Embedding_GivesRows_AndCutsThemToTheLargestNorm()
    {
        var embedding = Embedding_from_pretrained(torch.tensor(new float[] { 3, 4, 0.3f, 0.4f }).reshape(2, 2), max_norm: 1);
        Numbers.AssertClose([0.3, 0.4, 0.6, 0.8], embedding.call(torch.tensor(new long[] { 1, 0 })), 1e-5);
        Assert.False(embedding.weight!.requires_grad);
        Assert.Equal(0, Embedding(4, 3, padding_idx: 2).weight![2].abs().sum().item<float>());
    }

    [Fact]
    public void EmbeddingBag_SumsMeansAndTakesMaxima()
    {
        var rows = torch.tensor(new float[] { 1, 10, 2, 20, 4, 40 }).reshape(3, 2);
        var bags = torch.tensor(new long[] { 0, 2, 1, 1 }).reshape(2, 2);
        Numbers.AssertClose([5, 50, 4, 40], EmbeddingBag_from_pretrained(rows, mode: EmbeddingBagMode.Sum).call(bags));
        Numbers.AssertClose([2.5, 25, 2, 20], EmbeddingBag_from_pretrained(rows).call(bags));
        Numbers.AssertClose([4, 40, 2, 20], EmbeddingBag_from_pretrained(rows, mode: EmbeddingBagMode.Max).call(bags));
        Numbers.AssertClose([1 + 4 + 2, 70, 2, 20], EmbeddingBag_from_pretrained(rows, mode: EmbeddingBagMode.Sum).call(bags.reshape(-1),
            torch.tensor(new long[] { 0, 3 })));
        Assert.Throws<ArgumentException>(() => EmbeddingBag(3, 2).call(torch.tensor(new long[] { 0 })));
    }
}
