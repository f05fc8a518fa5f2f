using GradLint.Core.Model;
using GradLint.Core.Propagation.Flows;

namespace GradLint.Core.Propagation;

/// <summary>Predicts the gradient at every layer of a model at initialisation, by mean-field signal propagation.</summary>
public static class Predictor
{
    private const int AssumedBatchSize = 32;
    private const int AssumedSequenceLength = 32;
    private const int AssumedSpatialSize = 32;

    /// <summary>Predicts; never throws on any graph that keeps the contract of <see cref="ModelGraph"/>.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="options">What to assume where the code is silent.</param>
    public static Prediction Predict(ModelGraph graph, PredictionOptions options)
    {
        if (graph.Status == GraphStatus.Unknown || graph.Outputs.Count == 0)
            return Prediction.Failed(graph.Reasons.FirstOrDefault() ?? new("the model's forward could not be read", graph.Origin));
        if (graph.Nodes.FirstOrDefault(n => n.Kind == LayerKind.Unknown) is { } blind)
            return Prediction.Failed(graph.Reasons.FirstOrDefault() ?? new("an operation of the model could not be read", blind.Use));

        var scenario = new Scenario(
            options.BatchSize ?? AssumedBatchSize, options.SequenceLength ?? AssumedSequenceLength, options.SpatialSize ?? AssumedSpatialSize);
        var run = ModelPropagation.Run(graph, scenario, options, out var unknown);
        return run is null ? Prediction.Failed(unknown!) : Report(graph, run);
    }

    private static Prediction Report(ModelGraph graph, ModelPropagation run)
    {
        var head = HeadParameter(graph, run);
        var typical = run.TypicalNorm;
        var reference = head is { } index && run.Parameters.SquaredNorm(index) is { } norm ? typical.LogOf(norm) : double.NegativeInfinity;
        var parameters = new List<ParameterPrediction>();
        for (var i = 0; i < graph.Parameters.Count; i++)
        {
            if (run.Parameters.SquaredNorm(i) is { } squared && !double.IsNegativeInfinity(reference))
                parameters.Add(new(i, graph.Parameters[i].Path, Estimate.Exactly((typical.LogOf(squared) - reference) / (2 * Math.Log(10)))));
        }

        var starved = parameters.FirstOrDefault(p => IsMatrix(graph.Parameters[p.Index]) && p.Log10GradientRatio.Value < Prediction.StarvedBelow);
        var headNode = head is null ? null : graph.Nodes.LastOrDefault(n => n.Parameters.Contains(head.Value));
        var correlation = headNode is null ? (Estimate?)null : Estimate.Exactly(InputOf(headNode, run).SampleCorrelation);
        return new(parameters, Layers(graph, run), head, starved?.Index, correlation, run.Flows.OfType<RecurrentFlow>().Select(f => f.Horizon()).ToArray(), []);
    }

    /// <summary>The last matrix that the output was computed with; the weight the ratios are relative to.</summary>
    private static int? HeadParameter(ModelGraph graph, ModelPropagation run)
    {
        for (var node = run.OutputNode; node >= 0; node--)
        {
            foreach (var parameter in graph.Nodes[node].Parameters)
                if (IsMatrix(graph.Parameters[parameter]) && run.Parameters.SquaredNorm(parameter) is { Total: > 0 }) return parameter;
        }

        return null;
    }

    private static bool IsMatrix(ModelParameter parameter) => parameter.Shape.Count >= 2;

    private static Signal InputOf(GraphNode node, ModelPropagation run) =>
        run.Flows[node.Inputs[0].Node].Outputs[node.Inputs[0].Index];

    private static IReadOnlyList<LayerPrediction> Layers(ModelGraph graph, ModelPropagation run)
    {
        var atOutput = TotalSquare(run, run.OutputNode);
        var layers = new List<LayerPrediction>();
        foreach (var node in graph.Nodes)
        {
            if (node.Inputs.Count == 0 || node.Id > run.OutputNode) continue;
            var output = run.Flows[node.Id].Outputs[0];
            var gain = run.GradientAt(node.Inputs[0].Node)[node.Inputs[0].Index].Second.Same / run.GradientAt(node.Id)[0].Second.Same;
            layers.Add(new(
                node.Id,
                Estimate.Exactly(HalfLog10(gain)),
                Estimate.Exactly(HalfLog10(output.Second.Same)),
                Estimate.Exactly(HalfLog10(TotalSquare(run, node.Id) / atOutput)),
                Estimate.Exactly(output.SampleCorrelation),
                run.Flows[node.Id].DeadShare));
        }

        return layers;
    }

    /// <summary>‖∂L/∂output‖² up to a factor common to all nodes.</summary>
    private static double TotalSquare(ModelPropagation run, int node)
    {
        var shape = run.Flows[node].Outputs[0].Shape;
        return run.GradientAt(node)[0].Second.Same * shape.Features * shape.Positions;
    }

    private static double HalfLog10(double square) => square > 0 ? Math.Log10(square) / 2 : double.NegativeInfinity;
}
