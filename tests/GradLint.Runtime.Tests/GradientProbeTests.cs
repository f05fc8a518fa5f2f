using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

public sealed class GradientProbeTests
{
    [Fact]
    public void LinearRegression_GradientNormEqualsClosedForm()
    {
        using var scope = NewDisposeScope();
        var model = Sequential(("only", Linear(3, 1, hasBias: false)));
        var x = randn(16, 3);
        var y = randn(16, 1);
        var w = model.parameters().Single();

        var measured = GradientProbe.Measure(model, x, output => functional.mse_loss(output, y));

        // ∇w = 2/n · xᵀ(xw − y)
        var residual = x.mm(w.t()) - y;
        var expected = (x.t().mm(residual) * (2.0 / 16)).norm().item<float>();
        Assert.Equal(expected, measured.Layers.Single().Norm!.Value, expected * 1e-5);
        Assert.Equal(residual.square().mean().item<float>(), measured.Loss, 1e-5);
        Assert.Equal(1.0, measured.Layers.Single().Ratio);
    }

    [Fact]
    public void DeepSigmoidStack_RatiosFallByTheTheorysFactorALayer()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var model = Models.Stack(12, 64, Sigmoid);

        var measured = GradientProbe.Measure(model, randn(32, 64), randint(0, 10, 32), CrossEntropyLoss());

        Assert.Equal("head", measured.OutputLayer);
        // √(fan_out · v · E[σ′²]) = √(1/3 · 1/16) a layer; 11 of them below the last hidden layer.
        var falloff = Math.Pow(measured.Layers[0].Norm!.Value / measured.Layers[11].Norm!.Value, 1 / 11.0);
        Assert.InRange(falloff, 0.144 * 0.85, 0.144 * 1.15);
        Assert.InRange(measured.SmallestRatio!.Value, 1e-11, 1e-9);
    }

    [Fact]
    public void OutputNorm_EqualsTheGradientThatAutogradGives()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 8, Tanh, inputs: 8, outputs: 3);
        var x = randn(4, 8);

        var measured = GradientProbe.Measure(model, x, output => output.square().sum());

        // At the head: ∂Σy²/∂y = 2y.
        var expected = (model.call(x) * 2).norm().item<float>();
        Assert.Equal(expected, measured.Layers.Last().OutputNorm!.Value, expected * 1e-5);
    }

    [Theory]
    [InlineData(10, "first")]
    [InlineData(0.1, "second")]
    public void TwoHeads_TheOneWithTheLargerGradientIsTheUnit(double scale, string unit)
    {
        using var scope = NewDisposeScope();
        var model = new Models.TwoHeads { FirstScale = scale };

        var measured = GradientProbe.Measure(model, randn(8, 8), output => output.square().mean());

        Assert.Equal(unit, measured.OutputLayer);
        Assert.Equal(1.0, measured.Layers.Single(layer => layer.Path == unit).Ratio);
    }

    [Fact]
    public void ForwardWithoutHooks_MeasuresTheParameters()
    {
        using var scope = NewDisposeScope();
        var model = new Models.WithoutHooks();
        var x = randn(8, 8);

        var measured = GradientProbe.Measure(model, () => model.forward(x).square().mean());

        Assert.Empty(measured.Outputs);
        Assert.Equal("head", measured.OutputLayer);
        Assert.All(measured.Layers, layer => Assert.True(layer.Ratio > 0));
    }

    [Fact]
    public void InPlaceActivations_MeasureTheSameAsOutOfPlaceOnes()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var plain = Models.Stack(4, 16, () => ReLU(), inputs: 16);
        var inPlace = Models.Stack(4, 16, () => ReLU(inplace: true), inputs: 16);
        inPlace.load_state_dict(plain.state_dict());
        var x = randn(8, 16);
        var target = randint(0, 10, 8);

        var expected = GradientProbe.Measure(plain, x, target, CrossEntropyLoss());
        var measured = GradientProbe.Measure(inPlace, x, target, CrossEntropyLoss());

        Assert.Equal(expected.Layers.Select(layer => layer.Norm), measured.Layers.Select(layer => layer.Norm));
        Assert.Equal(expected.Outputs.Select(output => output.Norm), measured.Outputs.Select(output => output.Norm));
    }

    [Fact]
    public void Measuring_LeavesTheModelAsItWas()
    {
        using var scope = NewDisposeScope();
        var model = Sequential(
            ("fc", Linear(6, 6)), ("norm", BatchNorm1d(6)), ("drop", Dropout(0.5)), ("head", Linear(6, 2)));
        model.call(randn(5, 6)).sum().backward();
        var parameters = model.parameters().Select(parameter => parameter.detach().clone()).ToArray();
        var gradients = model.parameters().Select(parameter => parameter.grad!.clone()).ToArray();
        var buffers = model.named_buffers().Select(buffer => buffer.buffer.clone()).ToArray();
        var generator = get_rng_state();

        GradientProbe.Measure(model, randn(5, 6), output => output.sum());

        // The input above drew from the generator: rewind, draw again, compare.
        var after = get_rng_state();
        set_rng_state(generator);
        randn(5, 6);
        AssertSame(get_rng_state(), after);
        Assert.All(model.parameters().Zip(parameters), pair => AssertSame(pair.Second, pair.First));
        Assert.All(model.parameters().Zip(gradients), pair => AssertSame(pair.Second, pair.First.grad!));
        Assert.All(model.named_buffers().Zip(buffers), pair => AssertSame(pair.Second, pair.First.buffer));
        Assert.True(model.training);
    }

    [Fact]
    public void Measuring_LeavesNoTensorBehind()
    {
        var model = Models.Stack(3, 8, () => ReLU(), inputs: 8);
        using var x = randn(4, 8);
        using var target = randint(0, 10, 4);
        using var criterion = CrossEntropyLoss();
        GradientProbe.Measure(model, x, target, criterion);
        var before = Tensor.TotalCount;

        for (var i = 0; i < 20; i++)
            GradientProbe.Measure(model, x, target, criterion);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void UnderNoGrad_StillMeasures()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        var measured = GradientProbe.Measure(Linear(4, 2), randn(3, 4), output => output.sum());

        Assert.NotNull(measured.Layers.Single().Norm);
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void FrozenAndUnreachedLayers_AreToldApart()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(2, 8, Tanh, inputs: 8);
        foreach (var parameter in model.named_parameters().Where(entry => entry.name.StartsWith("fc0.", StringComparison.Ordinal)))
            parameter.parameter.requires_grad = false;

        var measured = GradientProbe.Measure(model, randn(4, 8), output => output.sum());

        var frozen = measured.Parameters.Single(parameter => parameter.Path == "fc0.weight");
        Assert.False(frozen.RequiresGrad);
        Assert.Null(frozen.Norm);
        Assert.Null(measured.Layers[0].Ratio);
    }

    [Fact]
    public void GradientsWhoseSquaresUnderflow_AreNotTakenForZero()
    {
        using var scope = NewDisposeScope();
        var model = Linear(4, 1, hasBias: false);

        var measured = GradientProbe.Measure(model, ones(1, 4) * 1e-25, output => output.sum());

        Assert.InRange(measured.Layers.Single().Norm!.Value, 0.9e-25, 2.1e-25);
    }

    [Fact]
    public void Table_NamesEveryLayerAndTheUnit()
    {
        using var scope = NewDisposeScope();

        var table = GradientProbe.Measure(Models.Stack(2, 8, Tanh, inputs: 8), randn(4, 8), output => output.sum()).ToString();

        Assert.Contains("ratios to 'head'", table);
        Assert.Contains("fc0", table);
        Assert.Contains("Linear", table);
    }

    [Fact]
    public void LossThatIsNoScalar_IsRefusedWithItsShape()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => GradientProbe.Measure(Linear(4, 2), randn(3, 4), output => output));
        Assert.Contains("[3, 2]", error.Message);
    }

    [Fact]
    public void LossThatWasDetached_IsRefused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => GradientProbe.Measure(Linear(4, 2), randn(3, 4), output => output.detach().sum()));
        Assert.Contains("detached", error.Message);
    }

    [Fact]
    public void ModelWithoutParameters_IsRefused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => GradientProbe.Measure(ReLU(), randn(3, 4), output => output.sum()));
        Assert.Contains("no trainable parameter", error.Message);
    }

    private static void AssertSame(Tensor expected, Tensor actual) => Assert.True(expected.eq(actual).all().item<bool>());
}
