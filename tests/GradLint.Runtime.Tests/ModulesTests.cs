using GradLint.Runtime.Initialization;
using GradLint.Runtime.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

public sealed class ModulesTests
{
    [Fact]
    public void Residual_AddsItsScaledBranch()
    {
        using var scope = NewDisposeScope();
        var (branch, x) = (Linear(4, 4), randn(3, 4));
        Same(x + 0.5 * branch.call(x), new Residual(branch, scale: 0.5).call(x));
        Same(branch.call(x) + x.mul(2), new Residual(branch, new Doubled()).call(x));
    }

    [Fact]
    public void ReZero_BeginsAsTheIdentity_AndItsBranchTrainsAfterAStep()
    {
        using var scope = NewDisposeScope();
        var (branch, x) = (Linear(4, 4), randn(3, 4));
        var block = new ReZero(branch);
        Same(x, block.call(x));
        var optimizer = optim.SGD(block.parameters(), 0.1);
        block.call(x).square().sum().backward();
        Assert.Equal(0, branch.weight.grad!.abs().max().item<float>());

        optimizer.step();
        block.call(x).square().sum().backward();

        Assert.True(branch.weight.grad!.abs().max().item<float>() > 0);
    }

    [Fact]
    public void Highway_MixesByItsGate()
    {
        using var scope = NewDisposeScope();
        var (transform, x) = (Linear(4, 4), randn(3, 4));
        var block = new Highway(4, transform, gateBias: -2);
        using (no_grad())
            block.named_parameters().First(entry => entry.name == "gate.weight").parameter.zero_();
        var open = 1 / (1 + Math.Exp(2));
        Same(x * (1 - open) + transform.call(x) * open, block.call(x));
    }

    [Fact]
    public void StochasticDepth_LeavesBranchesOut_AndCountsThemByTheirShareInEvaluation()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var block = new StochasticDepth(new Doubled(), 0.25);
        var output = block.call(ones(20_000, 1));
        Assert.Equal(0.25, output.isclose(ones(1)).to(ScalarType.Float32).mean().item<float>(), 0.02f);
        Assert.Equal(0.75, output.isclose(ones(1) * 3).to(ScalarType.Float32).mean().item<float>(), 0.02f);

        block.eval();
        Same(ones(5, 1) * 2.5, block.call(ones(5, 1)));
    }

    [Fact]
    public void Wrappers_LeaveNoTensorBehind()
    {
        var blocks = Sequential(
            ("a", new Residual(Linear(4, 4))), ("b", new ReZero(Linear(4, 4))), ("c", new Highway(4, Linear(4, 4))), ("d", new StochasticDepth(Linear(4, 4), 0.5)));
        using var x = randn(3, 4);
        blocks.call(x).Dispose();
        var before = Tensor.TotalCount;

        for (var i = 0; i < 50; i++)
            blocks.call(x).Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("he", 0.2041)]
    [InlineData("xavier", 0.1443)]
    [InlineData("lecun", 0.1443)]
    public void Initialisers_HaveTheDeviationOfTheirPaper(string name, double deviation)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var layer = Linear(48, 48);

        Assert.Equal(1, name switch { "he" => Initialize.He(layer), "xavier" => Initialize.Xavier(layer), _ => Initialize.LeCun(layer) });

        Assert.Equal(deviation, layer.weight.std().item<float>(), 0.01);
        Assert.Equal(0, layer.bias!.abs().max().item<float>());
        // Normal, not uniform: a uniform distribution has no values beyond √3 deviations.
        Assert.True(layer.weight.abs().max().item<float>() > 2.2 * deviation);
    }

    [Fact]
    public void ByActivation_FitsEachLayerToWhatFollowsIt()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (relu, tanh, selu, head) = (Linear(64, 64), Linear(64, 64), Linear(64, 64), Linear(64, 64));
        var model = Sequential(("a", relu), ("norm", LayerNorm(64)), ("b", ReLU()), ("c", tanh), ("d", Tanh()), ("e", selu), ("f", SELU()), ("g", head));

        Assert.Equal(4, Initialize.ByActivation(model, randn(2, 64)));

        Assert.Equal(Math.Sqrt(2.0 / 64), relu.weight.std().item<float>(), 0.01);
        Assert.Equal(Math.Sqrt(1.0 / 64), tanh.weight.std().item<float>(), 0.01);
        Assert.Equal(Math.Sqrt(1.0 / 64), selu.weight.std().item<float>(), 0.01);
        Assert.Equal(Math.Sqrt(1.0 / 64), head.weight.std().item<float>(), 0.01);
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("relu")]
    [InlineData("conv")]
    public void Lsuv_GivesOrthonormalLayersUnitVariance(string kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var model = kind switch
        {
            "tanh" => Models.Stack(6, 48, Tanh),
            "relu" => Models.Stack(6, 48, () => ReLU()),
            _ => Sequential(Conv2d(1, 8, 3, padding: 1), ReLU(), Conv2d(8, 8, 3, padding: 1), ReLU(), MaxPool2d(2), Conv2d(8, 16, 3), ReLU(), Flatten(), Linear(64, 10)),
        };
        var x = kind == "conv" ? randn(64, 1, 8, 8) : randn(256, 64);

        var layers = Initialize.Lsuv_(model, x);

        Assert.Equal(kind == "conv" ? 4 : 7, layers);
        using var mode = no_grad();
        var signal = x;
        foreach (var layer in model.children().Cast<Module<Tensor, Tensor>>())
        {
            signal = layer.call(signal);
            if (layer.named_parameters().FirstOrDefault(entry => entry.name == "weight").parameter is not { } weight)
                continue;
            Assert.Equal(1, signal.std(unbiased: false).item<float>(), 0.051f);
            IsOrthonormalButForScale(weight.reshape(weight.shape[0], -1));
        }
    }

    /// <summary>The shorter of rows and columns are orthogonal to each other and of equal length.</summary>
    private static void IsOrthonormalButForScale(Tensor matrix)
    {
        var products = matrix.shape[0] <= matrix.shape[1] ? matrix.mm(matrix.t()) : matrix.t().mm(matrix);
        var scale = products.diagonal().mean();
        Same(eye(products.shape[0]), products / scale, 1e-4);
    }

    [Fact]
    public void Lsuv_KeepsTheScaleThroughADeepStack()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var model = Models.Stack(20, 48, () => ReLU());

        Initialize.Lsuv_(model, randn(256, 64));

        var measured = GradientProbe.Measure(model, randn(32, 64), y => functional.cross_entropy(y, randint(y.shape[1], 32)));
        Assert.InRange(measured.SmallestRatio!.Value, 1e-2, 1e2);
    }

    private static void Same(Tensor expected, Tensor actual, double tolerance = 1e-6) =>
        Assert.True((expected - actual).abs().max().item<float>() < tolerance);

    private sealed class Doubled() : Module<Tensor, Tensor>(nameof(Doubled))
    {
        public override Tensor forward(Tensor x) => x * 2;
    }
}
