using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using Remedies = GradLint.Core.Propagation.Counterfactuals.Counterfactuals;

namespace GradLint.Core.Tests.Propagation.Counterfactuals;

public class CounterfactualsTests
{
    private static readonly GradientBand Band = new(1e-3, 1e3);

    private static readonly Initialization He = TestModel.Init(InitializerKind.KaimingNormal, ("nonlinearity", "ReLU"));

    private static ModelGraph Stack(int depth, LayerKind activation, Initialization? weight = null, LayerKind? norm = null, double? residual = null)
    {
        var model = new TestModel();
        for (var i = 0; i < depth; i++)
        {
            var before = model.Last;
            model.Linear(64, 64, weight);
            if (norm is { } kind)
                model.Layer(kind, TestModel.Arguments(), ("weight", [64], Initialization.Default(InitializerKind.Ones)), ("bias", [64], Initialization.Default(InitializerKind.Zeros)));
            model.Activation(activation);
            if (residual is not { } scale)
                continue;
            if (scale != 1)
                model.Apply(LayerKind.Scale, [model.Last], ("factor", scale));
            model.Apply(LayerKind.Add, [before, model.Last]);
        }

        return model.Linear(64, 10).Build();
    }

    private static IReadOnlyList<PredictedRemedy> For(ModelGraph graph) => Remedies.For(graph, 0, Band, PredictionOptions.Default);

    private static double RatioOf(ModelGraph graph) => Math.Pow(10, Predictor.Predict(graph, PredictionOptions.Default).Parameters[0].Log10GradientRatio.Value);

    /// <summary>A remedy promises what the model written that way has.</summary>
    [Theory]
    [InlineData("relu+init", "ReLU + He initialization")]
    [InlineData("batch_norm", "BatchNorm1d")]
    [InlineData("residual", "residual connections")]
    [InlineData("scaled_residual", "residual connections scaled by 0.29")]
    public void DeepSigmoidStack_RemedyPredictsWhatTheEditedModelHas(string key, string text)
    {
        var edited = key switch
        {
            "relu+init" => Stack(12, LayerKind.ReLU, He),
            "batch_norm" => Stack(12, LayerKind.Sigmoid, norm: LayerKind.BatchNorm1d),
            "residual" => Stack(12, LayerKind.Sigmoid, residual: 1),
            _ => Stack(12, LayerKind.Sigmoid, residual: 0.29),
        };

        // The head keeps its own initialization.
        var remedy = For(Stack(12, LayerKind.Sigmoid)).Single(remedy => remedy.Recipe.Key == key);
        Assert.Equal(RatioOf(edited), remedy.GradientRatio, 1e-9 * remedy.GradientRatio);
        Assert.Equal(text, remedy.ToString());
    }

    [Fact]
    public void DeepSigmoidStack_PreferredActivationIsBest()
    {
        Assert.Equal("relu+init", For(Stack(12, LayerKind.Sigmoid))[0].Recipe.Key);
        Assert.Equal("gelu+init", Remedies.For(Stack(8, LayerKind.Sigmoid), 0, Band, PredictionOptions.Default, preferred: LayerKind.GELU)[0].Recipe.Key);
    }

    [Fact]
    public void DeepReluStack_HeInitializationIsBest_AndNoOtherActivationIsProposed()
    {
        var remedies = For(Stack(20, LayerKind.ReLU));

        Assert.Equal("init", remedies[0].Recipe.Key);
        Assert.Equal("Use He initialization in 20 layers", remedies[0].Edit.ToInstruction());
        Assert.DoesNotContain(remedies, remedy => remedy.Recipe.Activation is not null);
        Assert.Equal(RatioOf(Stack(20, LayerKind.ReLU, He)), remedies[0].GradientRatio, 1e-9);
        Assert.Equal(RatioOf(Stack(20, LayerKind.ReLU, norm: LayerKind.LayerNorm)), remedies.Single(remedy => remedy.Recipe.Key == "layer_norm").GradientRatio, 1e-9);
    }

    [Fact]
    public void WeightsThatFitAlready_AreNotDrawnAnew()
    {
        var edit = ModelEdit.Of(new(LayerKind.ReLU, Initializes: true), Stack(12, LayerKind.Sigmoid, He), RemedyScope.Of(Stack(12, LayerKind.Sigmoid, He), 0))!;

        Assert.Empty(edit.Initializations);
        Assert.Equal("Use ReLU in 12 places", edit.ToInstruction());
    }

    [Fact]
    public void EveryRemedy_HasEveryMatrixInTheBand()
    {
        foreach (var graph in new[] { Stack(12, LayerKind.Sigmoid), Stack(30, LayerKind.ReLU), Stack(40, LayerKind.Tanh), Stack(10, LayerKind.ReLU, TestModel.Init(InitializerKind.Normal, ("mean", 0.0), ("std", 1.0))) })
        {
            var remedies = For(graph);
            Assert.NotEmpty(remedies);
            Assert.All(remedies, remedy => Assert.True(Band.Holds(remedy.Edit.Begun(graph), Predictor.Predict(remedy.Edit.Begun(graph), PredictionOptions.Default)), remedy.ToString()));
        }
    }

    [Fact]
    public void CombinedRemedies_OnlyWhereNoSingleOneServes()
    {
        var single = For(Stack(12, LayerKind.Sigmoid));
        Assert.All(single, remedy => Assert.False(remedy.Recipe.IsCombined));

        var narrow = Remedies.For(Stack(20, LayerKind.Sigmoid), 0, new(0.9999, 1.0001), PredictionOptions.Default);
        Assert.All(narrow, remedy => Assert.True(remedy.Recipe.IsCombined));
    }

    [Theory]
    [InlineData(16, "residual")]
    [InlineData(20, "rezero", "stochastic_depth", "highway")]
    public void ReZeroStochasticDepthAndHighways_OnlyWherePlainResidualConnectionsAreNotEnough(int depth, params string[] expected)
    {
        string[] plainOrMore = ["residual", "rezero", "stochastic_depth", "highway"];
        Assert.Equal(expected.Order(), For(Stack(depth, LayerKind.ReLU)).Select(remedy => remedy.Recipe.Key).Intersect(plainOrMore).Order());
    }

    /// <summary>x + 0.01·f(x): ten steps of Adam at its default rate of 1e-3.</summary>
    [Fact]
    public void ReZero_IsJudgedAfterItsFirstSteps()
    {
        var remedy = For(Stack(20, LayerKind.ReLU)).Single(remedy => remedy.Recipe.Shortcut == Shortcut.ReZero);

        Assert.Equal(RatioOf(Stack(20, LayerKind.ReLU, residual: 0.01)), remedy.GradientRatio, 1e-9);
        Assert.Equal("Wrap 20 blocks in ReZero connections", remedy.Edit.ToInstruction());
        Assert.Equal("ReZero connections after 10 steps", remedy.ToString());
        var begun = remedy.Edit.Applied(Stack(20, LayerKind.ReLU));
        Assert.Equal(20, begun.Parameters.Count(parameter => parameter.Path.EndsWith(".alpha", StringComparison.Ordinal) && parameter.Initialization.Kind == InitializerKind.Zeros));
        Assert.Equal(0, RatioOf(begun));
    }

    /// <summary>A branch kept for a share of the samples: their share of its second moment, both ways.</summary>
    [Fact]
    public void StochasticDepth_SurvivalFallsLinearlyWithDepth()
    {
        var written = new TestModel();
        for (var i = 1; i <= 20; i++)
        {
            var before = written.Last;
            written.Linear(64, 64).Activation(LayerKind.ReLU);
            written.Apply(LayerKind.Dropout, [written.Last], ("p", 0.5 * i / 20));
            written.Apply(LayerKind.Scale, [written.Last], ("factor", 1 - (0.5 * i / 20)));
            written.Apply(LayerKind.Add, [before, written.Last]);
        }

        var remedy = For(Stack(20, LayerKind.ReLU)).Single(remedy => remedy.Recipe.Shortcut == Shortcut.StochasticDepth);
        Assert.Equal(RatioOf(written.Linear(64, 10).Build()), remedy.GradientRatio, 1e-9);
        Assert.Equal("Wrap 20 blocks in residual connections with stochastic depth", remedy.Edit.ToInstruction());
    }

    /// <summary>f gets E[t²] of the squared gradient for a gate t = σ(z), z ~ N(−2, E[x²]/3): default weights, and a bias of −2.</summary>
    [Fact]
    public void Highway_SharesTheGradientByItsGate()
    {
        var plain = Stack(3, LayerKind.ReLU, He);
        var graph = new ModelEdit(null, [], new Dictionary<int, FittingInitialization>(), [], [ShortcutBlock.In(plain, Shortcut.Highway)[1]]).Applied(plain);
        var gradients = Predictor.Predict(graph, PredictionOptions.Default).Layers.ToDictionary(layer => layer.Node, layer => Math.Pow(10, layer.Log10OutputGradientRatio.Value));

        // ReLU with He initialization keeps E[x²] = 1, but for half of the bias's 1/(3·64).
        var random = new Random(1);
        var open = Enumerable.Range(0, 200_000).Average(_ =>
        {
            var z = -2 + (Math.Sqrt((1 + (0.5 / 192)) / 3) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            return Math.Pow(1 + Math.Exp(-z), -2);
        });
        var taken = graph.Nodes.First(node => node.Kind == LayerKind.Multiply);
        Assert.Equal(Math.Sqrt(open), gradients[taken.Inputs[1].Node] / gradients[taken.Id], 0.002);
    }

    [Fact]
    public void SameModel_SameRemedies() =>
        Assert.Equal(For(Stack(12, LayerKind.Tanh)).Select(remedy => remedy.Recipe), For(Stack(12, LayerKind.Tanh)).Select(remedy => remedy.Recipe));

    [Theory]
    [InlineData("selu+init"), InlineData("init+layer_norm"), InlineData("batch_norm+scaled_residual"), InlineData("leakyrelu+init+batch_norm+residual"), InlineData("rezero"), InlineData("stochastic_depth"), InlineData("highway")]
    public void Recipe_ReadsItsOwnKey(string key) => Assert.Equal(key, RemedyRecipe.Parse(key).Key);

    [Fact]
    public void ConvolutionStack_GetsTheNormOfItsDimensions()
    {
        var graph = new TestModel()
            .Layer(LayerKind.Conv2d, TestModel.Arguments(("kernel_size", 3L), ("padding", 1L)), ("weight", [16, 3, 3, 3], Initialization.Default(InitializerKind.DefaultFanIn))).Activation(LayerKind.Tanh)
            .Layer(LayerKind.AdaptiveAvgPool2d, TestModel.Arguments(("output_size", 1L))).Layer(LayerKind.Flatten, TestModel.Arguments())
            .Linear(16, 32).Activation(LayerKind.Tanh).Linear(32, 10).Build();

        var norms = InsertedNorm.Places(graph, Normalization.Batch)!;
        Assert.Equal([(LayerKind.BatchNorm2d, 16L), (LayerKind.BatchNorm1d, 32L)], norms.Select(norm => (norm.Kind, norm.Width)));
        Assert.Null(InsertedNorm.Places(graph, Normalization.Layer));
    }

    [Fact]
    public void BlocksOfOtherWidthOrUse_AreNotWrapped()
    {
        var graph = new TestModel().Linear(32, 64).Activation(LayerKind.Tanh).Linear(64, 64).Activation(LayerKind.Tanh).Linear(64, 64).Activation(LayerKind.Softmax).Build();

        var block = Assert.Single(ShortcutBlock.In(graph, Shortcut.Residual));
        Assert.Equal((3, 4, 1.0), (block.First, block.Last, block.Scale));
    }
}
