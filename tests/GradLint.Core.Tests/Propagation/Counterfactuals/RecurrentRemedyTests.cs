using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.Core.Tests.Propagation.Counterfactuals;

public class RecurrentRemedyTests
{
    [Theory]
    [InlineData(LayerKind.RNN)]
    [InlineData(LayerKind.GRU)]
    [InlineData(LayerKind.LSTM)]
    public void LongSequence_WantsForgetGatesSpreadOverIt(LayerKind kind)
    {
        var remedies = For(kind, length: 40);

        Assert.Equal([(LayerKind.LSTM, "2"), (LayerKind.LSTM, "log U(1, 39)")], remedies.Select(remedy => (remedy.Layer, $"{remedy.Bias}")));
        Assert.All(remedies, remedy => Assert.True(remedy.Horizon >= 40));
    }

    /// <summary>A plain LSTM or GRU reaches 14 steps.</summary>
    [Fact]
    public void ShortSequence_IsReachedByPlainGatesToo() =>
        Assert.Contains(For(LayerKind.RNN, length: 12), remedy => remedy is { Layer: LayerKind.GRU, Bias: null });

    [Fact]
    public void LayerWithoutBias_HasNoForgetGatesToOpen() => Assert.Empty(For(LayerKind.RNN, length: 40, bias: false));

    [Fact]
    public void UnknownLength_WantsOpenForgetGates() => Assert.Equal("2", $"{For(LayerKind.RNN, length: null)[0].Bias}");

    [Fact]
    public void SequenceTooShortToSpreadOver_HasNoSpread() => Assert.Null(ForgetBias.Over(3));

    private static IReadOnlyList<RecurrentRemedy> For(LayerKind kind, int? length, bool bias = true)
    {
        var arguments = TestModel.Arguments(("inputSize", 8L), ("hiddenSize", 32L), ("batchFirst", true), ("bias", bias));
        var parameters = LayerTable.Describe(kind).Parameters(arguments).Select(parameter => (parameter.Name, parameter.Shape.ToArray(), parameter.Initialization)).ToArray();
        var model = new TestModel().Layer(kind, arguments, parameters);
        var graph = model.Apply(LayerKind.Select, [model.Last], ("dim", 1L), ("index", -1L)).Linear(32, 2).Build();
        return RecurrentRemedy.For(graph, graph.Nodes[1], length, length ?? 28, new() { SequenceLength = length });
    }
}
