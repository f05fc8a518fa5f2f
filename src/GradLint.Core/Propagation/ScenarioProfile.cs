using GradLint.Core.Model;
using GradLint.Core.Propagation.Flows;

namespace GradLint.Core.Propagation;

/// <summary>What one propagation says, in the terms of a prediction.</summary>
internal sealed class ScenarioProfile
{
    private readonly double?[] _log10Ratios;

    private ScenarioProfile(double?[] log10Ratios) => _log10Ratios = log10Ratios;

    /// <summary>Index of the output layer's weight.</summary>
    public int? Head { get; private init; }

    /// <summary>Of what enters the output layer.</summary>
    public double? HeadCorrelation { get; private init; }

    public IReadOnlyList<LayerNumbers> Layers { get; private init; } = [];

    public IReadOnlyList<MemoryHorizon> MemoryHorizons { get; private init; } = [];

    public double? Log10Ratio(int parameter) => _log10Ratios[parameter];

    /// <param name="graph">The model as it was given: nodes and parameters beyond it are repeats.</param>
    public static ScenarioProfile Of(ModelGraph graph, ModelPropagation run)
    {
        var head = HeadParameter(run);
        var typical = run.TypicalNorm;
        var reference = head is { } index ? LogNorm(index, run.Parameters.SquaredNorm(index)!.Value) : double.NaN;
        var ratios = Enumerable.Range(0, graph.Parameters.Count)
            .Select(i => head is not null && run.Parameters.SquaredNorm(i) is { } squared ? (LogNorm(i, squared) - reference) / (2 * Math.Log(10)) : (double?)null);
        var headNode = head is null ? null : run.Graph.Nodes.LastOrDefault(n => n.Parameters.Contains(head.Value));
        return new(ratios.ToArray())
        {
            Head = head < graph.Parameters.Count ? head : null,
            HeadCorrelation = headNode is null ? null : run.Flows[headNode.Inputs[0].Node].Outputs[headNode.Inputs[0].Index].SampleCorrelation,
            Layers = graph.Repeats.Count > 0 ? [] : Numbers(run),
            MemoryHorizons = run.Flows.OfType<RecurrentFlow>().Where(f => f.Node.Id < graph.Nodes.Count).Select(f => f.Horizon()).ToArray(),
        };

        double LogNorm(int parameter, SquaredNorm squared) => typical.LogOf(squared) - run.Parameters.LogScaleOf(parameter);
    }

    /// <summary>The last matrix that the output was computed with; of several outputs, of the one the loss applies to.</summary>
    private static int? HeadParameter(ModelPropagation run)
    {
        for (var node = run.OutputNode; node >= 0; node--)
        {
            foreach (var parameter in run.Graph.Nodes[node].Parameters.Reverse())
                if (run.Graph.Parameters[parameter].Shape.Count >= 2 && run.Parameters.SquaredNorm(parameter) is { Total: > 0 }) return parameter;
        }

        return null;
    }

    private static IReadOnlyList<LayerNumbers> Numbers(ModelPropagation run)
    {
        var atOutput = HalfLog10OfTotal(run, run.OutputNode);
        var layers = new List<LayerNumbers>();
        foreach (var node in run.Graph.Nodes)
        {
            if (node.Inputs.Count == 0 || node.Id > run.OutputNode || run.Flows[node.Id].Outputs.Count == 0) continue;
            var output = run.Flows[node.Id].Outputs[0];
            var source = node.Inputs[0];
            layers.Add(new(
                node.Id,
                run.GradientAt(source.Node)[source.Index].IsZero ? double.NegativeInfinity : HalfLog10(run, source.Node, source.Index) - HalfLog10(run, node.Id, 0),
                HalfLog10(output.Second.Same),
                HalfLog10OfTotal(run, node.Id) - atOutput,
                output.SampleCorrelation,
                run.Flows[node.Id]));
        }

        return layers;
    }

    /// <summary>log10 of ‖∂L/∂output‖ up to a constant common to all nodes.</summary>
    private static double HalfLog10OfTotal(ModelPropagation run, int node)
    {
        var shape = run.Flows[node].Outputs[0].Shape;
        return HalfLog10(run, node, 0) + HalfLog10(shape.Features * shape.Positions);
    }

    /// <summary>log10 of the RMS of the gradient at a node's result.</summary>
    private static double HalfLog10(ModelPropagation run, int node, int result) =>
        HalfLog10(run.GradientAt(node)[result].Second.Same) - (run.LogScaleAt(node) / (2 * Math.Log(10)));

    private static double HalfLog10(double square) => square > 0 ? Math.Log10(square) / 2 : double.NegativeInfinity;
}

/// <summary>A layer's numbers in one scenario; see <see cref="LayerPrediction"/>.</summary>
internal sealed record LayerNumbers(int Node, double Log10Gain, double Log10ForwardScale, double Log10OutputGradientRatio, double SampleCorrelation, Flow Flow)
{
    /// <summary>Worked out when it is asked for.</summary>
    public double? DeadShare => Flow.DeadShare;
}
