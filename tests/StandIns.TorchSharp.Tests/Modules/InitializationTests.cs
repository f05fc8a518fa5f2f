using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Modules;

/// <summary>Initialisers and layers' defaults against their stated distributions, by the test of Kolmogorov and Smirnov.</summary>
public class InitializationTests
{
    public InitializationTests() => torch.manual_seed(20);

    private static double Normal(double z)
    {
        // Zelen and Severo's approximation (Abramowitz and Stegun 26.2.17), error below 7.5e-8.
        var t = 1 / (1 + 0.2316419 * Math.Abs(z));
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return z > 0 ? 1 - tail : tail;
    }

    /// <summary>The largest distance between the sample's distribution and the stated one, times √n; above 1.95 in one sample of a thousand.</summary>
    private static double Distance(Tensor sample, Func<double, double> distribution)
    {
        var x = sample.detach().Values();
        Array.Sort(x);
        return Math.Sqrt(x.Length) * x.Select((v, i) => Math.Max((i + 1.0) / x.Length - distribution(v), distribution(v) - (double)i / x.Length)).Max();
    }

    private static void AssertUniform(Tensor? sample, double bound) =>
        Assert.True(Distance(sample!, v => Math.Clamp((v + bound) / (2 * bound), 0, 1)) < 1.95, $"not U(±{bound:g4})");

    private static void AssertNormal(Tensor? sample, double deviation, double mean = 0) =>
        Assert.True(Distance(sample!, v => Normal((v - mean) / deviation)) < 1.95, $"not N({mean:g4}, {deviation:g4}²)");

    [Fact]
    public void LinearConvolutionsAndBilinear_AreUniformByTheirFanIn()
    {
        var linear = Linear(100, 400);
        AssertUniform(linear.weight, 0.1);
        AssertUniform(linear.bias, 0.1);
        var conv = Conv2d(4, 300, 5);
        AssertUniform(conv.weight, 0.1);
        AssertUniform(conv.bias, 0.1);
        AssertUniform(Conv1d(20, 50, 5, groups: 2).weight, 1 / Math.Sqrt(50));
        AssertUniform(Conv3d(4, 10, 3).weight, 1 / Math.Sqrt(108));
        // The fan in of a transposed convolution is counted by its second dimension, the output's.
        AssertUniform(ConvTranspose2d(30, 16, 5).weight, 1 / Math.Sqrt(16 * 25));
        AssertUniform(Bilinear(25, 10, 10).weight, 0.2);
    }

    [Fact]
    public void RecurrentLayers_AreUniformByTheirWidth_TheForgetGateToo()
    {
        foreach (var module in new Module[] { LSTM(10, 64, 2), GRU(10, 64), RNN(10, 64), LSTMCell(10, 64), GRUCell(10, 64), RNNCell(10, 64) })
            AssertUniform(nn.utils.parameters_to_vector(module.parameters()), 1 / 8.0);
        AssertUniform(LSTM(10, 64).get_parameter("bias_ih_l0")!.narrow(0, 64, 64), 1 / 8.0);
    }

    [Fact]
    public void Embeddings_AreStandardNormal()
    {
        AssertNormal(Embedding(100, 40).get_parameter("weight"), 1);
        AssertNormal(EmbeddingBag(100, 40).get_parameter("weight"), 1);
    }

    [Fact]
    public void Attention_IsXavierInAndKaimingOut_WithZeroBiases()
    {
        var attention = MultiheadAttention(64, 4, add_bias_kv: true);
        AssertUniform(attention.get_parameter("in_proj_weight"), Math.Sqrt(6.0 / (64 + 192)));
        AssertUniform(attention.get_parameter("out_proj.weight"), 1 / 8.0);
        AssertNormal(attention.get_parameter("bias_k"), Math.Sqrt(2.0 / (64 + 64)));
        Assert.Equal(0, attention.get_parameter("in_proj_bias")!.abs().sum().item<float>());
        Assert.Equal(0, attention.get_parameter("out_proj.bias")!.abs().sum().item<float>());
    }

    [Fact]
    public void Transformer_IsXavierInEveryMatrix()
    {
        var model = Transformer(32, 4, 1, 1, 96);
        foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.parameter.Dimensions == 2))
            AssertUniform(parameter, Math.Sqrt(6.0 / parameter.shape.Sum()));
        AssertUniform(TransformerEncoderLayer(64, 4, 100).get_parameter("linear1.weight"), 1 / 8.0);
    }

    [Fact]
    public void Norms_StartFromOneAndZero()
    {
        foreach (var module in new Module[] { BatchNorm1d(4), BatchNorm2d(4), InstanceNorm1d(4, affine: true), LayerNorm(4) })
        {
            Assert.Equal([1, 1, 1, 1], module.get_parameter("weight")!.Values());
            Assert.Equal([0, 0, 0, 0], module.get_parameter("bias")!.Values());
        }
        Assert.Empty(InstanceNorm2d(4).parameters());
        Assert.Single(LayerNorm(4, bias: false).parameters());
    }

    [Fact]
    public void GroupNorm_ShowsWhateverTheMemoryHeld()
    {
        // Freed blocks are handed out again, so what was written to them comes back.
        var values = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            var spoilt = Enumerable.Range(0, 4).Select(_ => full([64], 12345.0)).ToList();
            spoilt.ForEach(tensor => tensor.Dispose());
            using var norm = GroupNorm(4, 64);
            values.AddRange(norm.weight.Values());
            values.AddRange(norm.bias!.Values());
        }
        Assert.Contains(values, value => value is not (0 or 1));
    }

    [Fact]
    public void Kaiming_ScalesByOneFanAndTheGain()
    {
        AssertUniform(init.kaiming_uniform_(empty(50, 100)), Math.Sqrt(6.0 / 100));
        AssertUniform(init.kaiming_uniform_(empty(50, 100), Math.Sqrt(5)), 0.1);
        AssertUniform(init.kaiming_uniform_(empty(50, 100), mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.Tanh), 5.0 / 3 * Math.Sqrt(3.0 / 50));
        AssertNormal(init.kaiming_normal_(empty(50, 100), nonlinearity: init.NonlinearityType.ReLU), Math.Sqrt(2.0 / 100));
        AssertNormal(init.kaiming_normal_(empty(50, 4, 5, 5)), Math.Sqrt(2.0 / 100));
    }

    [Fact]
    public void XavierNormal_IsUniformInFact()
    {
        foreach (var initialize in new Func<Tensor, double, Tensor>[] { init.xavier_normal_, init.glorot_normal_, init.xavier_uniform_, init.glorot_uniform_ })
            AssertUniform(initialize(empty(60, 90), 2), 2 * Math.Sqrt(6.0 / 150));
        Assert.True(Distance(init.xavier_normal_(empty(60, 90)), v => Normal(v / Math.Sqrt(2.0 / 150))) > 1.95);
    }

    [Fact]
    public void UniformAndNormal_AreWhatTheySay()
    {
        AssertUniform(init.uniform_(empty(5000), -1, 3) - 1, 2);
        AssertNormal(init.normal_(empty(5000), 0.5, 0.02), 0.02, 0.5);
    }

    [Fact]
    public void TruncNormal_IsTheStandardDeviationEverywhere_UnlessAMeanIsGiven()
    {
        Assert.All(init.trunc_normal_(empty(100)).Values(), value => Assert.Equal(1, value));
        Assert.All(init.trunc_normal_(empty(100), std: 0.02).Values(), value => Assert.Equal(0.02, value, 6));
        // With a mean m: m·erf⁻¹(U) + std, cut to [a, b].
        var values = init.trunc_normal_(empty(5000), mean: 0.1, std: 0.5).Values();
        Assert.InRange(values.Average(), 0.48, 0.52);
        Assert.True(values.Distinct().Count() > 1000);
    }

    [Fact]
    public void CalculateGain_TakesALeakyRectifierWithoutSlopeForARectifier()
    {
        Assert.Equal(Math.Sqrt(2), init.calculate_gain(init.NonlinearityType.LeakyReLU), 12);
        Assert.Equal(Math.Sqrt(2 / 1.25), init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.5), 12);
        Assert.Equal(Math.Sqrt(2), init.calculate_gain(init.NonlinearityType.ReLU), 12);
        Assert.Equal(5 / 3.0, init.calculate_gain(init.NonlinearityType.Tanh), 12);
        Assert.Equal(1, init.calculate_gain(init.NonlinearityType.Sigmoid));
        Assert.Equal((50L, 75L), init.CalculateFanInAndFanOut(zeros(3, 2, 5, 5)));
        Assert.Throws<ArgumentException>(() => init.CalculateFanInAndFanOut(zeros(3)));
    }

    [Theory]
    [InlineData(4, 7)]
    [InlineData(7, 4)]
    public void Orthogonal_HasOrthonormalRowsOrColumnsTimesTheGain(int rows, int columns)
    {
        var q = init.orthogonal_(empty([rows, columns], float64), 3);
        var product = rows < columns ? q.matmul(q.t()) : q.t().matmul(q);
        Assert.True(product.allclose(eye(4, dtype: float64) * 9));
        Assert.Throws<ArgumentException>(() => init.orthogonal_(empty(3)));
    }

    [Fact]
    public void EyeDiracSparseAndConstants()
    {
        Assert.Equal([1, 0, 0, 0, 1, 0], init.eye_(empty(2, 3)).Values());
        var input = rand(1, 2, 5);
        Assert.True(functional.conv1d(input, init.dirac_(empty(2, 2, 3)), padding: 1).allclose(input));
        var sparse = init.sparse_(empty(10, 4), 0.25);
        Assert.Equal([3, 3, 3, 3], sparse.eq(0).sum(dim: 0).Values());
        Assert.Equal([7, 7], init.constant_(empty(2), 7).Values());
        Assert.Equal([1, 1], init.ones_(empty(2)).Values());
        Assert.Equal([0, 0], init.zeros_(empty(2)).Values());
    }

    [Fact]
    public void Initializers_ReturnTheirTensor_AndLeaveNoTraceInAutograd()
    {
        var parameter = new Parameter(zeros(3, 3));
        Assert.Same(parameter, init.kaiming_uniform_(parameter));
        Assert.True(parameter.is_leaf && parameter.requires_grad);
    }

    [Fact]
    public void ASeed_GivesTheSameModelAgain()
    {
        Module Make()
        {
            torch.manual_seed(3);
            return Sequential(Linear(3, 4), Conv1d(4, 2, 1), BatchNorm1d(2));
        }
        var (first, second) = (Make(), Make());
        foreach (var (name, parameter) in first.named_parameters()) Assert.Equal(parameter, second.get_parameter(name));
    }
}
