using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

/// <summary>What is written out of operations on one tensor is predicted as the function that it amounts to.</summary>
public class PointwisePatternTests
{
    private const int Depth = 8;

    [Fact]
    public void TensorTimesItsSigmoid_IsSiLU() => AssertSame(
        model => model.Activation(LayerKind.SiLU),
        model => model.Apply(LayerKind.Sigmoid, [model.Last]).Apply(LayerKind.Multiply, [model.Last - 1, model.Last]));

    [Fact]
    public void TensorTimesTanhOfItsSoftplus_IsMish() => AssertSame(
        model => model.Activation(LayerKind.Mish),
        model => model.Apply(LayerKind.Softplus, [model.Last]).Apply(LayerKind.Tanh, [model.Last]).Apply(LayerKind.Multiply, [model.Last - 2, model.Last]));

    [Fact]
    public void HalfTensorTimesOnePlusErrorFunction_IsGELU() => AssertSame(
        model => model.Activation(LayerKind.GELU),
        model =>
        {
            var source = model.Last;
            model.Apply(LayerKind.Scale, [source], ("factor", 0.5));
            var half = model.Last;
            model.Apply(LayerKind.Scale, [source], ("factor", Math.Sqrt(0.5))).Apply(LayerKind.Erf, [model.Last]).Apply(LayerKind.Shift, [model.Last], ("offset", 1.0));
            return model.Apply(LayerKind.Multiply, [half, model.Last]);
        });

    [Fact]
    public void TensorTimesClampedShift_IsHardswish() => AssertSame(
        model => model.Activation(LayerKind.Hardswish),
        model =>
        {
            var source = model.Last;
            return model.Apply(LayerKind.Shift, [source], ("offset", 3.0)).Apply(LayerKind.ReLU6, [model.Last]).Apply(LayerKind.Multiply, [source, model.Last])
                .Apply(LayerKind.Scale, [model.Last], ("factor", 1.0 / 6));
        });

    [Fact]
    public void TensorPlusItself_IsTwiceTheTensor() => AssertSame(
        model => model.Apply(LayerKind.Scale, [model.Last], ("factor", 2.0)).Apply(LayerKind.Tanh, [model.Last]),
        model => model.Apply(LayerKind.Add, [model.Last, model.Last]).Apply(LayerKind.Tanh, [model.Last]));

    /// <summary>Independent operands would have the square of E[φ²], not E[φ⁴].</summary>
    [Fact]
    public void SquareOfReLU_HasItsFourthMoment()
    {
        var model = new TestModel().Linear(64, 64).Apply(LayerKind.ReLU, [1]).Apply(LayerKind.Multiply, [2, 2]).Linear(64, 10).Build();

        var layers = Predictor.Predict(model, PredictionOptions.Default).Layers.ToDictionary(layer => layer.Node, layer => Math.Pow(10, 2 * layer.Log10ForwardScale.Value));

        Assert.Equal(1.5, layers[3] / (layers[1] * layers[1]), 1e-3);
    }

    private static void AssertSame(Func<TestModel, TestModel> function, Func<TestModel, TestModel> writtenOut)
    {
        var (expected, actual) = (Ratios(function), Ratios(writtenOut));
        Assert.Equal(Depth + 1, expected.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.02));
    }

    private static double[] Ratios(Func<TestModel, TestModel> activation)
    {
        var model = new TestModel();
        for (var i = 0; i < Depth; i++)
            activation(model.Linear(64, 64));
        return [.. Predictor.Predict(model.Linear(64, 10).Build(), PredictionOptions.Default).Parameters
            .Where(parameter => parameter.Path.EndsWith("weight", StringComparison.Ordinal)).Select(parameter => parameter.Log10GradientRatio.Value)];
    }
}
