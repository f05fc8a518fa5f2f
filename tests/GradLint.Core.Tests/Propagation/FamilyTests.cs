using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

/// <summary>Closed forms and measured figures of each family of models.</summary>
public class FamilyTests
{
    private static readonly PredictionOptions s_known = new() { BatchSize = 256, SequenceLength = 60, SpatialSize = 16 };

    private static double Log10Gain(Prediction prediction, int node) => prediction.Layers.Single(l => l.Node == node).Log10Gain.Value;

    private static TestModel Layer(TestModel model, LayerKind kind, params (string Name, object? Value)[] arguments) => model.Layer(
        kind, TestModel.Arguments(arguments), [.. LayerParameters.Of(kind, TestModel.Arguments(arguments)).Select(p => (p.Name, p.Shape.ToArray(), p.Initialization))]);

    /// <summary>π/(π − 1) a layer (Yang et al. 2019), up to the finite batch.</summary>
    [Fact]
    public void BatchNormBeforeReLU_MultipliesTheGradientByTheKnownGain()
    {
        var model = new TestModel();
        for (var i = 0; i < 12; i++)
        {
            model.Linear(256, 256);
            Layer(model, LayerKind.BatchNorm1d, ("num_features", 256L));
            model.Activation(LayerKind.ReLU);
        }

        var prediction = Predictor.Predict(model.Linear(256, 10).Build(), s_known);

        var perLayer = Enumerable.Range(22, 3).Sum(node => Log10Gain(prediction, node));
        Assert.Equal(Math.Log10(Math.PI / (Math.PI - 1)) / 2, perLayer, 0.01);
    }

    [Fact]
    public void LayerNormAfterSoftplus_SubtractsTheMean()
    {
        var model = new TestModel().Linear(128, 128).Activation(LayerKind.Softplus);
        Layer(model, LayerKind.LayerNorm, ("normalized_shape", 128L));
        var prediction = Predictor.Predict(model.Linear(128, 10).Build(), s_known);

        // softplus(z) of z ~ N(0, 1/3): E = 0.734, Var = 0.0878.
        Assert.Equal(0, prediction.Layers.Single(l => l.Node == 3).Log10ForwardScale.Value, 0.01);
        Assert.Equal(-Math.Log10(0.0878) / 2, Log10Gain(prediction, 3), 0.05);
    }

    [Fact]
    public void ResidualSum_AddsSecondMomentsAndGradients()
    {
        var model = new TestModel().Linear(64, 64, TestModel.Init(InitializerKind.Normal, ("mean", 0.0), ("std", 0.125)));
        model.Linear(64, 64, TestModel.Init(InitializerKind.Normal, ("mean", 0.0), ("std", 0.125))).Apply(LayerKind.Add, [1, 2]);
        var prediction = Predictor.Predict(model.Linear(64, 10).Build(), s_known);

        var scale = prediction.Layers.ToDictionary(l => l.Node, l => Math.Pow(10, 2 * l.Log10ForwardScale.Value));
        Assert.Equal(scale[1] + scale[2], scale[3], 1e-9);
    }

    [Fact]
    public void GlobalPooling_LeavesTheMeanOfIndependentPixels()
    {
        var model = new TestModel();
        Layer(model, LayerKind.Conv2d, ("in_channels", 3L), ("out_channels", 16L), ("kernel_size", 1L), ("bias", false));
        Layer(model, LayerKind.AdaptiveAvgPool2d, ("output_size", 1L));
        Layer(model, LayerKind.Flatten);
        var prediction = Predictor.Predict(model.Linear(16, 10).Build(), s_known);

        // 3 channels × 1/(3·3), over 16 × 16 independent positions.
        Assert.Equal(Math.Log10(1.0 / 3 / 256) / 2, prediction.Layers.Single(l => l.Node == 2).Log10ForwardScale.Value, 1e-6);
    }

    [Fact]
    public void FlatteningLayer_TellsTheImageSize()
    {
        var model = new TestModel();
        Layer(model, LayerKind.Conv2d, ("in_channels", 1L), ("out_channels", 8L), ("kernel_size", 3L), ("padding", 1L));
        model.Activation(LayerKind.ReLU);
        Layer(model, LayerKind.MaxPool2d, ("kernel_size", 2L));
        Layer(model, LayerKind.Flatten);
        var prediction = Predictor.Predict(model.Linear(8 * 14 * 14, 10).Build(), new() { BatchSize = 32 });

        Assert.True(prediction.IsKnown);
        Assert.All(prediction.Parameters, p => Assert.Equal(0, p.Log10GradientRatio.Width));
    }

    [Fact]
    public void UnknownImageSize_GivesARange()
    {
        var model = new TestModel();
        Layer(model, LayerKind.Conv2d, ("in_channels", 3L), ("out_channels", 8L), ("kernel_size", 3L));
        model.Activation(LayerKind.ReLU);
        Layer(model, LayerKind.AdaptiveAvgPool2d, ("output_size", 1L));
        Layer(model, LayerKind.Flatten);
        var prediction = Predictor.Predict(model.Linear(8, 10).Build(), new() { BatchSize = 32 });

        Assert.True(prediction.Parameters.Single(p => p.Path == "conv2d0.weight").Log10GradientRatio.Width > 0);
    }

    [Fact]
    public void PlainRNN_ForgetsByTheRootOfOneThirdAStep()
    {
        var horizon = Assert.Single(Recurrent(LayerKind.RNN).MemoryHorizons);

        Assert.Equal(Math.Sqrt(1.0 / 3), horizon.FactorPerStep, 0.06);
        Assert.InRange(horizon.StepsToThousandth, 10, 14);
    }

    /// <summary>Measured with TorchSharp 0.107 at 64 units: LSTM and GRU 14 steps.</summary>
    [Theory]
    [InlineData(LayerKind.LSTM), InlineData(LayerKind.GRU)]
    public void GatedLayers_ReachAsFarAsMeasured(LayerKind kind) =>
        Assert.InRange(Assert.Single(Recurrent(kind).MemoryHorizons).StepsToThousandth, 11, 17);

    [Fact]
    public void EncoderStack_PredictsEveryWeight()
    {
        var model = new TestModel();
        Layer(model, LayerKind.Embedding, ("num_embeddings", 50L), ("embedding_dims", 32L));
        Layer(model, LayerKind.TransformerEncoder, ("d_model", 32L), ("nhead", 4L), ("dim_feedforward", 64L), ("num_layers", 2L), ("dropout", 0.0));
        model.Activation(LayerKind.Mean, ("dim", new long?[] { 1 }));
        var graph = model.Linear(32, 5).Build();
        var prediction = Predictor.Predict(graph, s_known);

        Assert.True(prediction.IsKnown);
        Assert.All(
            graph.Parameters.Select((parameter, index) => (parameter, index)).Where(p => p.parameter.Path.Contains("weight")),
            p => Assert.InRange(prediction.Parameters.Single(e => e.Index == p.index).Log10GradientRatio.Value, -2.5, 1));
    }

    [Fact]
    public void LoopOfUnknownLength_GivesARange()
    {
        var graph = new TestModel().Linear(64, 64).Activation(LayerKind.Sigmoid).Linear(64, 10).Build();
        var looped = graph with { Repeats = [new(1, 2, Count: null, Origin.None)] };
        var prediction = Predictor.Predict(looped, new() { BatchSize = 32 });

        var first = prediction.Parameters.Single(p => p.Path == "linear0.weight").Log10GradientRatio;
        Assert.True(first.Width > 5);
        Assert.Equal(Predictor.Predict(graph, new() { BatchSize = 32 }).Parameters[0].Log10GradientRatio.Value, first.High, 1e-9);
    }

    private static ModelGraph RecurrentModel(LayerKind kind)
    {
        var model = new TestModel();
        Layer(model, kind, ("inputSize", 16L), ("hiddenSize", 64L), ("batchFirst", true));
        return model.Activation(LayerKind.Select, ("dim", 1L), ("index", -1L)).Linear(64, 4).Build();
    }

    private static Prediction Recurrent(LayerKind kind) => Predictor.Predict(RecurrentModel(kind), s_known);
}
