using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

public class MultilayerPerceptronTests
{
    private static readonly PredictionOptions s_batchOf32 = new() { BatchSize = 32 };

    private static ModelGraph Stack(int depth, int width, LayerKind activation, Initialization? weight = null)
    {
        var model = new TestModel();
        for (var i = 0; i < depth; i++)
            model.Linear(width, width, weight).Activation(activation);
        return model.Linear(width, 10).Build();
    }

    private static double Log10Ratio(Prediction prediction, string path) =>
        prediction.Parameters.Single(p => p.Path == path).Log10GradientRatio.Value;

    /// <summary>Measured with TorchSharp 0.107: 12 × Linear(64, 64) + Sigmoid, default initialization, batch of 32.</summary>
    [Theory]
    [InlineData("linear22.weight", 0.120 / 0.734)]
    [InlineData("linear20.weight", 0.0151 / 0.734)]
    [InlineData("linear18.weight", 1.9e-3 / 0.734)]
    [InlineData("linear16.weight", 2.5e-4 / 0.734)]
    [InlineData("linear0.weight", 8.9e-11 / 0.734)]
    public void DeepSigmoidStack_DecaysAsMeasured(string path, double measured)
    {
        var prediction = Predictor.Predict(Stack(12, 64, LayerKind.Sigmoid), s_batchOf32);

        Assert.True(prediction.IsKnown);
        Assert.Equal("linear24.weight", Stack(12, 64, LayerKind.Sigmoid).Parameters[prediction.HeadParameter!.Value].Path);
        Assert.Equal(Math.Log10(measured), Log10Ratio(prediction, path), 0.25);
    }

    /// <summary>Measured with TorchSharp 0.107, single runs: width 128, default initialization; depth counts linear layers.</summary>
    [Theory]
    [InlineData(LayerKind.Sigmoid, 4, 7.8e-4), InlineData(LayerKind.Sigmoid, 6, 1.4e-5), InlineData(LayerKind.Sigmoid, 8, 2e-7), InlineData(LayerKind.Sigmoid, 12, 1.9e-10)]
    [InlineData(LayerKind.Tanh, 4, 0.96), InlineData(LayerKind.Tanh, 6, 0.42), InlineData(LayerKind.Tanh, 8, 0.16), InlineData(LayerKind.Tanh, 12, 1.4e-2), InlineData(LayerKind.Tanh, 20, 1.7e-4)]
    [InlineData(LayerKind.ReLU, 4, 0.73), InlineData(LayerKind.ReLU, 6, 0.145), InlineData(LayerKind.ReLU, 8, 1.6e-2), InlineData(LayerKind.ReLU, 12, 5.7e-4), InlineData(LayerKind.ReLU, 20, 5e-7)]
    public void DefaultInitialization_DecaysAsMeasured(LayerKind activation, int depth, double measured)
    {
        var prediction = Predictor.Predict(Stack(depth, 128, activation), s_batchOf32);

        Assert.Equal(Math.Log10(measured), Log10Ratio(prediction, "linear0.weight"), 0.5);
    }

    [Fact]
    public void HeInitialization_KeepsTheGradientOfAReLUStack()
    {
        var prediction = Predictor.Predict(Stack(30, 256, LayerKind.ReLU, TestModel.Init(InitializerKind.KaimingNormal, ("nonlinearity", "ReLU"))), s_batchOf32);

        Assert.InRange(Log10Ratio(prediction, "linear0.weight"), -1, 1);
        Assert.All(
            prediction.Parameters.Where(parameter => parameter.Path.EndsWith("weight", StringComparison.Ordinal)),
            parameter => Assert.InRange(parameter.Log10GradientRatio.Value, -1, 1));
    }

    /// <summary>The squared gradient would leave the range of floating-point numbers after some 180 layers.</summary>
    [Fact]
    public void GradientOfHundredsOfLayers_FallsByTheSameFactorInEach()
    {
        var prediction = Predictor.Predict(Stack(400, 64, LayerKind.Sigmoid), s_batchOf32);

        Assert.Equal(Log10Ratio(prediction, "linear100.weight") - Log10Ratio(prediction, "linear200.weight"), Log10Ratio(prediction, "linear200.weight") - Log10Ratio(prediction, "linear300.weight"), 1e-6);
        Assert.InRange(Log10Ratio(prediction, "linear0.weight"), -400, -300);
        Assert.All(prediction.Layers.Where(layer => layer.Node > 1), layer => Assert.InRange(layer.Log10Gain.Value, -1.5, 0.5));
    }

    [Fact]
    public void LinearStack_GainIsTheProductOfVarianceAndWidth()
    {
        var model = new TestModel();
        for (var i = 0; i < 5; i++)
            model.Linear(50, 50, TestModel.Init(InitializerKind.Normal, ("mean", 0.0), ("std", 0.2)));
        var prediction = Predictor.Predict(model.Linear(50, 10).Build(), s_batchOf32);

        Assert.All(prediction.Layers.Take(5), layer => Assert.Equal(Math.Log10(50 * 0.04) / 2, layer.Log10Gain.Value, 1e-9));
    }

    [Fact]
    public void UnreadableInitialization_IsUnknownAndSaysWhy()
    {
        var model = new TestModel().Linear(8, 8, TestModel.Init(InitializerKind.Unknown)).Activation(LayerKind.Tanh).Linear(8, 2);
        var prediction = Predictor.Predict(model.Build(), PredictionOptions.Default);

        Assert.False(prediction.IsKnown);
        Assert.Empty(prediction.Parameters);
        Assert.Contains("linear0", prediction.Unknown.Single().Text);
    }
}
