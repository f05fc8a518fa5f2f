using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Another recurrent layer, or other forget gates, in the place of one whose gradient dies out in time.</summary>
/// <param name="Layer">LSTM or GRU.</param>
/// <param name="Bias">Of an LSTM's forget gates; null to leave it at its default.</param>
/// <param name="Horizon">Predicted steps until the gradient has fallen to 1e-3.</param>
public sealed record RecurrentRemedy(LayerKind Layer, ForgetBias? Bias, double Horizon)
{
    /// <summary>Second of the gates i, f, g, o.</summary>
    private static readonly RowRange s_forgetGate = new(0.25, 0.5);

    /// <summary>
    /// The remedies predicted to reach as many steps as asked for, the farthest first. Of equally far ones a forget-gate bias of 2 comes
    /// ahead of one spread over the sequence: measured, it learns faster wherever it reaches (docs/fixes.md, samples/ForgetfulDigits).
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <param name="node">A recurrent layer.</param>
    /// <param name="length">Steps of the sequence; null when unknown.</param>
    /// <param name="least">Steps to reach.</param>
    /// <param name="options">What the prediction assumes where the code is silent.</param>
    public static IReadOnlyList<RecurrentRemedy> For(ModelGraph graph, GraphNode node, int? length, double least, PredictionOptions options) =>
        Candidates(node, length)
            .Select(candidate => candidate with { Horizon = HorizonOf(candidate.Applied(graph, node), node, options) })
            .Where(remedy => remedy.Horizon >= least)
            .OrderByDescending(remedy => Math.Min(remedy.Horizon, length ?? double.PositiveInfinity))
            .ToArray();

    /// <summary>How far the layer is predicted to reach with such forget gates; null where that cannot be told.</summary>
    public static double? HorizonWith(ForgetBias bias, ModelGraph graph, GraphNode lstm, PredictionOptions options) =>
        HorizonOf(new RecurrentRemedy(LayerKind.LSTM, bias, 0).Applied(graph, lstm), lstm, options) is var horizon and >= 0 ? horizon : null;

    private static IEnumerable<RecurrentRemedy> Candidates(GraphNode node, int? length)
    {
        if (node.Kind is not (LayerKind.RNN or LayerKind.GRU or LayerKind.LSTM)) yield break;
        if (node.Arguments.Flag("bias") != false && !node.Arguments.IsUnknown("bias"))
        {
            yield return new(LayerKind.LSTM, ForgetBias.Of(2), 0);
            if (length is { } steps && ForgetBias.Over(steps) is { } spread) yield return new(LayerKind.LSTM, spread, 0);
        }

        if (node.Kind != LayerKind.GRU) yield return new(LayerKind.GRU, null, 0);
        if (node.Kind != LayerKind.LSTM) yield return new(LayerKind.LSTM, null, 0);
    }

    private ModelGraph Applied(ModelGraph graph, GraphNode node)
    {
        var (before, after) = (Gates(node.Kind), Gates(Layer));
        return graph with
        {
            Nodes = graph.Nodes.Select(n => n.Id == node.Id ? n with { Kind = Layer } : n).ToArray(),
            Parameters = graph.Parameters.Select((parameter, index) => node.Parameters.Contains(index) ? Resized(parameter) : parameter).ToArray(),
        };

        ModelParameter Resized(ModelParameter parameter)
        {
            var shape = parameter.Shape.ToArray();
            shape[0] = shape[0] / before * after;
            var initialization = Bias is not null && parameter.Path.Contains("bias_ih")
                ? parameter.Initialization.WithRows(s_forgetGate, Bias.Initialization) ?? parameter.Initialization
                : parameter.Initialization;
            return parameter with { Shape = shape, Initialization = initialization };
        }
    }

    /// <summary>Of one scenario: a horizon is a number of the layer's own.</summary>
    private static double HorizonOf(ModelGraph graph, GraphNode node, PredictionOptions options) =>
        Predictor.Predict(graph, options with { BatchSize = options.BatchSize ?? 32, SequenceLength = options.SequenceLength ?? 64, SpatialSize = options.SpatialSize ?? 64 }).MemoryHorizons.FirstOrDefault(horizon => horizon.Node == node.Id)?.StepsToThousandth ?? -1;

    private static long Gates(LayerKind kind) => kind switch
    {
        LayerKind.LSTM => 4,
        LayerKind.GRU => 3,
        _ => 1,
    };
}
