using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

/// <summary>Closed forms of models that are put together from operations.</summary>
public class ComposedModelTests
{
    private static readonly PredictionOptions s_known = new() { BatchSize = 32, SequenceLength = 12, SpatialSize = 8 };

    private static double Square(Prediction prediction, int node) => Math.Pow(10, 2 * prediction.Layers.Single(l => l.Node == node).Log10ForwardScale.Value);

    private static double SquaredGain(Prediction prediction, int node) => Math.Pow(10, 2 * prediction.Layers.Single(l => l.Node == node).Log10Gain.Value);

    private static Initialization Normal(double std) => TestModel.Init(InitializerKind.Normal, ("mean", 0.0), ("std", std));

    private static TestModel Layer(TestModel model, LayerKind kind, params (string Name, object? Value)[] arguments) => model.Layer(
        kind, TestModel.Arguments(arguments), [.. LayerParameters.Of(kind, TestModel.Arguments(arguments)).Select(p => (p.Name, p.Shape.ToArray(), p.Initialization))]);

    /// <summary>q, k, v of one head of 16 features, their product in the middle by <paramref name="attend"/>.</summary>
    private static ModelGraph Attending(Action<TestModel> attend)
    {
        var model = new TestModel();
        foreach (var _ in Enumerable.Range(0, 3))
            model.Linear(16, 16, Normal(0.5));
        attend(model);
        var graph = model.Activation(LayerKind.Mean, ("dim", new long?[] { 1 })).Linear(16, 4).Build();

        // All three projections read the input.
        return graph with { Nodes = [.. graph.Nodes.Select(n => n.Id is 2 or 3 ? n with { Inputs = [new(0)] } : n)] };
    }

    private static ModelGraph WrittenOut(double factor) => Attending(model => model
        .Apply(LayerKind.Transpose, [2], ("dim0", -2L), ("dim1", -1L)).Apply(LayerKind.MatMul, [1, 4]).Apply(LayerKind.Scale, [5], ("factor", factor))
        .Apply(LayerKind.Softmax, [6], ("dim", -1L)).Apply(LayerKind.MatMul, [7, 3]));

    [Fact]
    public void AttentionWrittenOut_IsPredictedAsTheFunction()
    {
        var function = Predictor.Predict(Attending(model => model.Apply(LayerKind.ScaledDotProductAttention, [1, 2, 3])), s_known);
        var writtenOut = Predictor.Predict(WrittenOut(0.25), s_known);

        Assert.True(writtenOut.IsKnown, string.Join("; ", writtenOut.Unknown.Select(u => u.Text)));
        Assert.Equal(
            function.Parameters.Select(p => p.Log10GradientRatio.Value),
            writtenOut.Parameters.Select(p => p.Log10GradientRatio.Value), (a, b) => a == b || Math.Abs(a - b) < 1e-9);
    }

    /// <summary>Scores that are not divided by √d make the weights sharper, and queries and keys get more gradient.</summary>
    [Fact]
    public void ScoresWithoutScale_AreTakenAsTheyAre()
    {
        double Queries(double factor) => Predictor.Predict(WrittenOut(factor), s_known).Parameters.Single(p => p.Path == "linear0.weight").Log10GradientRatio.Value;

        Assert.InRange(Queries(0.25) - Queries(0.0025), 1.5, 2.5);
    }

    [Fact]
    public void SoftmaxThatAttendsToNothing_StaysUnknown()
    {
        var model = new TestModel().Linear(8, 8).Activation(LayerKind.Softmax, ("dim", 1L)).Linear(8, 2);
        var prediction = Predictor.Predict(model.Build(), s_known);
        Assert.Contains("there is no theory for Softmax", Assert.Single(prediction.Unknown).Text);
    }

    [Fact]
    public void NearestUpsampling_CopiesForwardAndSumsBackward()
    {
        var model = new TestModel();
        Layer(model, LayerKind.Conv2d, ("in_channels", 3L), ("out_channels", 8L), ("kernel_size", 1L), ("bias", false));
        Layer(model, LayerKind.Upsample, ("scale_factor", 2L));
        Layer(model, LayerKind.Conv2d, ("in_channels", 8L), ("out_channels", 4L), ("kernel_size", 1L), ("bias", false));
        Layer(model, LayerKind.Flatten);
        var prediction = Predictor.Predict(model.Linear(4 * 16 * 16, 5).Build(), s_known);

        Assert.True(prediction.IsKnown, string.Join("; ", prediction.Unknown.Select(u => u.Text)));
        Assert.Equal(Square(prediction, 1), Square(prediction, 2), 1e-9);
        // Flattening leaves the gradients of the four copies independent.
        Assert.Equal(4, SquaredGain(prediction, 2), 1e-6);
    }

    [Fact]
    public void MeanOfFeatures_DividesTheVarianceByTheirNumber()
    {
        var model = new TestModel().Linear(8, 50, Normal(0.3)).Activation(LayerKind.Mean, ("dim", new long?[] { 1 }), ("keepdim", true));
        var prediction = Predictor.Predict(model.Linear(1, 2).Build(), s_known);

        Assert.Equal(Square(prediction, 1) / 50, Square(prediction, 2), 1e-9);
    }

    [Fact]
    public void BilinearLayer_MultipliesTheSecondMoments()
    {
        var model = new TestModel().Linear(10, 16, Normal(0.2)).Linear(16, 20, Normal(0.2));
        model.Layer(LayerKind.Bilinear, TestModel.Arguments(), ("weight", [8, 16, 20], Normal(0.1)));
        var graph = model.Linear(8, 3).Build();
        graph = graph with { Nodes = [.. graph.Nodes.Select(n => n.Kind == LayerKind.Bilinear ? n with { Inputs = [new(1), new(2)] } : n)] };
        var prediction = Predictor.Predict(graph, s_known);

        Assert.Equal(16 * 20 * 0.01 * Square(prediction, 1) * Square(prediction, 2), Square(prediction, 3), 1e-9);
    }

    /// <summary>GLU of normal elements of variance s²: s²·E[σ(z)²] (0.293 for s = 1).</summary>
    [Fact]
    public void GatedLinearUnit_MultipliesByTheGatesSecondMoment()
    {
        var model = new TestModel().Linear(1, 40, Normal(1));
        var graph = model.Activation(LayerKind.GLU, ("dim", -1L)).Linear(20, 2).Build();
        graph = graph with { Parameters = [.. graph.Parameters.Select(p => p.Path == "linear0.bias" ? p with { Initialization = TestModel.Init(InitializerKind.Zeros) } : p)] };
        Assert.Equal(0.2934, Square(Predictor.Predict(graph, s_known), 2), 1e-3);
    }

    [Fact]
    public void RootMeanSquareWrittenOut_IsANormalization()
    {
        var model = new TestModel().Linear(32, 64, Normal(3))
            .Apply(LayerKind.Power, [1], ("exponent", 2L)).Apply(LayerKind.Mean, [2], ("dim", new long?[] { -1 }), ("keepdim", true))
            .Apply(LayerKind.Shift, [3], ("offset", 1e-6)).Apply(LayerKind.ReciprocalSqrt, [4]).Apply(LayerKind.Multiply, [1, 5]);
        var prediction = Predictor.Predict(model.Linear(64, 4).Build(), s_known);

        Assert.Equal(1, Square(prediction, 6), 1e-3);
        Assert.Equal(1 / Square(prediction, 1), SquaredGain(prediction, 6), 0.1 / Square(prediction, 1));
    }

    /// <summary>Half of what is added to it: a summand of unknown values gives a range, a factor of unknown values nothing.</summary>
    [Fact]
    public void TensorOfUnknownValues_GivesARangeWhereItIsAdded()
    {
        var added = Predictor.Predict(WithConstant(LayerKind.Add), s_known);
        var multiplied = Predictor.Predict(WithConstant(LayerKind.Multiply), s_known);

        Assert.True(added.IsKnown);
        Assert.True(added.Parameters.Single(p => p.Path == "linear0.weight").Log10GradientRatio.Width > 0);
        Assert.False(multiplied.IsKnown);

        static ModelGraph WithConstant(LayerKind kind)
        {
            var model = new TestModel().Linear(8, 16).Apply(LayerKind.Constant, []);
            return model.Apply(kind, [1, 2]).Linear(16, 16).Linear(16, 4).Build();
        }
    }

    [Fact]
    public void DecoderOfATransformer_PredictsEveryWeight()
    {
        var model = new TestModel();
        Layer(model, LayerKind.Embedding, ("num_embeddings", 50L), ("embedding_dims", 32L));
        Layer(model, LayerKind.Transformer, ("d_model", 32L), ("nhead", 4L), ("num_encoder_layers", 2L), ("num_decoder_layers", 2L), ("dim_feedforward", 64L), ("dropout", 0.0));
        var graph = model.Linear(32, 5).Build();
        graph = graph with { Nodes = [.. graph.Nodes.Select(n => n.Kind == LayerKind.Transformer ? n with { Inputs = [new(1), new(1)] } : n)] };
        var prediction = Predictor.Predict(graph, s_known);

        Assert.True(prediction.IsKnown, string.Join("; ", prediction.Unknown.Select(u => u.Text)));
        Assert.All(
            graph.Parameters.Where(p => p.Path.Contains("weight")),
            parameter => Assert.InRange(prediction.Parameters.Single(p => p.Path == parameter.Path).Log10GradientRatio.Value, -3, 1));
    }

    /// <summary>Written out step by step or as a layer, a recurrence is the same one.</summary>
    [Theory]
    [InlineData(LayerKind.RNNCell, LayerKind.RNN), InlineData(LayerKind.GRUCell, LayerKind.GRU), InlineData(LayerKind.LSTMCell, LayerKind.LSTM)]
    public void CellStepByStep_IsPredictedAsTheLayer(LayerKind cell, LayerKind layer)
    {
        var writtenOut = Predictor.Predict(StepByStep(cell, steps: 12), s_known);
        var model = new TestModel();
        Layer(model, layer, ("inputSize", 8L), ("hiddenSize", 24L), ("batchFirst", true));
        var whole = Predictor.Predict(model.Activation(LayerKind.Select, ("dim", 1L), ("index", -1L)).Linear(24, 4).Build(), s_known);

        Assert.True(writtenOut.IsKnown, string.Join("; ", writtenOut.Unknown.Select(u => u.Text)));
        Assert.Equal(whole.Parameters.Select(p => p.Log10GradientRatio.Value), writtenOut.Parameters.Select(p => p.Log10GradientRatio.Value), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(Assert.Single(whole.MemoryHorizons).StepsToThousandth, Assert.Single(writtenOut.MemoryHorizons).StepsToThousandth);
        Assert.Equal("rnncell0.weight_ih".Replace("rnncell", cell.ToString().ToLowerInvariant()), writtenOut.Parameters[0].Path);
    }

    [Fact]
    public void CellOverEverySecondStep_StaysUnknown()
    {
        var graph = StepByStep(LayerKind.RNNCell, steps: 4);
        graph = graph with { Nodes = [.. graph.Nodes.Select(n => n.Kind == LayerKind.Select ? n with { Arguments = TestModel.Arguments(("dim", 1L), ("index", 2 * n.Arguments.Integer("index")!)) } : n)] };
        Assert.False(Predictor.Predict(graph, s_known).IsKnown);
    }

    /// <summary>h = cell(x[.., t], h), from a state of zeros.</summary>
    private static ModelGraph StepByStep(LayerKind kind, int steps)
    {
        var arguments = TestModel.Arguments(("inputSize", 8L), ("hiddenSize", 24L));
        var states = kind == LayerKind.LSTMCell ? 2 : 1;
        var model = new TestModel().Apply(LayerKind.Constant, [], ("shape", new long?[] { null, 24 }), ("values", "Zeros"));
        model.Apply(LayerKind.Select, [0], ("dim", 1L), ("index", 0L));
        model.Layer(kind, arguments, [.. LayerParameters.Of(kind, arguments).Select(p => (p.Name, p.Shape.ToArray(), p.Initialization))]);
        for (var t = 1; t < steps; t++)
            model.Apply(LayerKind.Select, [0], ("dim", 1L), ("index", (long)t)).Apply(kind, [model.Last]);
        var graph = model.Linear(24, 4).Build();
        var first = graph.Nodes[3];
        return graph with
        {
            Nodes = [.. graph.Nodes.Select(n => n.Kind != kind ? n : n with
            {
                Path = first.Path,
                Parameters = first.Parameters,
                Arguments = first.Arguments,
                Inputs = [new(n.Id - 1), .. Enumerable.Range(0, states).Select(i => n.Id == 3 ? new NodeOutput(1) : new NodeOutput(n.Id - 2, i))],
            })],
        };
    }

    [Theory]
    [InlineData(new long[] { -1, -1, 4, -1 })]
    [InlineData(new long[] { -1, -1, -1, 16 })]
    public void Reshape_SplitsFeaturesIntoHeads(long[] shape)
    {
        var model = new TestModel().Linear(64, 64);
        model.Activation(LayerKind.Reshape, ("shape", shape.Select(size => size == -1 ? (long?)null : size).ToArray()));
        model.Activation(LayerKind.Transpose, ("dim0", 1L), ("dim1", 2L)).Activation(LayerKind.Transpose, ("dim0", 1L), ("dim1", 2L));
        model.Activation(LayerKind.Reshape, ("shape", new long?[] { null, null, 64 })).Apply(LayerKind.ScaledDotProductAttention, [5, 5, 5]);
        var prediction = Predictor.Predict(model.Linear(64, 3).Build(), s_known);

        Assert.True(prediction.IsKnown, string.Join("; ", prediction.Unknown.Select(u => u.Text)));
    }

    /// <summary>Features reshaped into an image are no positions that a pool could run over.</summary>
    [Theory]
    [InlineData(LayerKind.MaxPool2d)]
    [InlineData(LayerKind.AvgPool2d)]
    [InlineData(LayerKind.AdaptiveAvgPool2d)]
    public void ImageMadeOfFeatures_IsRefused(LayerKind pool)
    {
        var model = new TestModel().Linear(64, 64);
        model.Activation(LayerKind.Reshape, ("shape", new long?[] { null, 4, 4, 4 }));
        model.Activation(pool, ("kernel_size", 2L), ("output_size", 2L));

        Assert.NotNull(Predictor.Predict(model.Build(), s_known));
        Assert.NotNull(Predictor.Predict(model.Build(), new PredictionOptions()));
    }

    /// <summary>There are 2⁶⁴ ways through the model, and none leads to a layer that tells the input's shape.</summary>
    [Fact]
    public async Task ManyResidualSumsOfUnknownShape_AreRefusedAtOnce()
    {
        var model = new TestModel();
        for (var i = 0; i < 64; i++)
        {
            model.Activation(LayerKind.ReLU);
            model.Apply(LayerKind.Add, [model.Last, model.Last - 1]);
        }

        var prediction = await Task.Run(() => Predictor.Predict(model.Build(), s_known), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(prediction.IsKnown);
    }
}
