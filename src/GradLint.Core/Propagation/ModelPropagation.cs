using GradLint.Core.Model;
using GradLint.Core.Propagation.Flows;

namespace GradLint.Core.Propagation;

/// <summary>One pass forward and one backward through a model, for one scenario.</summary>
internal sealed class ModelPropagation
{
    private readonly ModelGraph _graph;
    private readonly FlowContext _context;
    private readonly Flow[] _flows;
    private readonly Gradient[][] _gradients;
    private readonly double[] _logScales;

    /// <summary>Where every squared gradient still on its way is smaller, all are multiplied by the inverse: hundreds of saturating layers leave the range of floating-point numbers.</summary>
    private const double Faint = 1e-150;

    private ModelPropagation(ModelGraph graph, FlowContext context)
    {
        (_graph, _context) = (graph, context);
        _flows = new Flow[graph.Nodes.Count];
        _gradients = new Gradient[graph.Nodes.Count][];
        _logScales = new double[graph.Nodes.Count];
        Parameters = new(graph.Parameters.Count);
    }

    public ModelGraph Graph => _graph;

    public ParameterGradients Parameters { get; }

    public IReadOnlyList<Flow> Flows => _flows;

    /// <summary>The gradient at each result of a node.</summary>
    public IReadOnlyList<Gradient> GradientAt(int node) => _gradients[node];

    /// <summary>ln of what the squared gradient at a node is multiplied by.</summary>
    public double LogScaleAt(int node) => _logScales[node];

    /// <summary>The node whose result the loss is applied to.</summary>
    public int OutputNode { get; private set; }

    /// <summary>How squared norms are distributed, given the loss.</summary>
    public TypicalNorm TypicalNorm { get; private set; } = null!;

    /// <summary>Runs a scenario; null with a reason when something on the way is not known.</summary>
    public static ModelPropagation? Run(ModelGraph graph, Scenario scenario, PredictionOptions options, out UnknownReason? unknown)
    {
        var context = new FlowContext(graph, scenario, options.CancellationToken);
        var run = new ModelPropagation(graph, context);
        unknown = run.Forward(scenario, options);
        if (unknown is not null) return null;
        run.Backward();
        return run;
    }

    private UnknownReason? Forward(Scenario scenario, PredictionOptions options)
    {
        var inputShapes = new InputLayout(_graph, _context, scenario);
        var constants = new ConstantLayout(_graph, _context, scenario);
        var needed = Needed(_graph);
        foreach (var node in _graph.Nodes)
        {
            _context.CancellationToken.ThrowIfCancellationRequested();
            if (!needed[node.Id])
            {
                _flows[node.Id] = new UnusedFlow(node);
                continue;
            }

            Flow flow;
            if (node.Kind == LayerKind.Input)
            {
                if (inputShapes.Of(node) is not { } shape) return Unknown(node, "the shape of the input cannot be told from the layers it enters");
                flow = new InputFlow(node, shape, options.InputSecondMoment);
            }
            else if (node.Kind == LayerKind.Constant)
            {
                var reached = constants.ShapeOf(node, output => _flows[output.Node]?.Outputs.ElementAtOrDefault(output.Index)?.Shape);
                if (reached is null) return Unknown(node, "the shape of a tensor that does not depend on the input cannot be told");
                flow = constants.Of(node, reached);
                if (flow is UnknownFlow untold) return Unknown(node, untold.Reason);
            }
            else
            {
                var inputs = node.Inputs.Select(i => _flows[i.Node].Outputs.ElementAtOrDefault(i.Index)).ToArray();
                if (inputs.Any(i => i is null)) return Unknown(node, "an input of it is not known");
                var shapes = ShapeInference.Outputs(node, inputs.Select(i => i!.Shape).ToArray(), _context, out var reason);
                if (shapes is null) return Unknown(node, reason);
                flow = FlowFactory.Create(node, inputs!, shapes, _context);
                if (flow is UnknownFlow blind) return Unknown(node, blind.Reason);
            }

            _flows[node.Id] = flow;
            if (flow.Outputs.Any(o => double.IsNaN(o.Second.Same) || double.IsInfinity(o.Second.Same)))
                return Unknown(node, "the signal leaves the range of floating-point numbers");
        }

        return null;
    }

    private void Backward()
    {
        for (var i = 0; i < _flows.Length; i++)
            _gradients[i] = Enumerable.Repeat(Gradient.Zero, Math.Max(_flows[i].Outputs.Count, 1)).ToArray();

        var output = Loss.PointOfApplication(_graph);
        OutputNode = output.Node;
        var logits = _flows[output.Node].Outputs[output.Index];
        var boundary = _gradients[output.Node][output.Index] = OutputBoundary.CrossEntropy(logits);
        TypicalNorm = new(boundary, logits.Shape.Features, _context.BatchSize, logits.Shape.Positions);
        for (var i = output.Node; i >= 0; i--)
        {
            _context.CancellationToken.ThrowIfCancellationRequested();
            Magnify(i);
            _logScales[i] = Parameters.LogScale;
            var inputs = _flows[i].Backward(_gradients[i], Parameters);
            for (var k = 0; k < inputs.Count; k++)
            {
                var source = _graph.Nodes[i].Inputs[k];
                _gradients[source.Node][source.Index] = _gradients[source.Node][source.Index].Plus(inputs[k]);
            }
        }
    }

    private void Magnify(int last)
    {
        if (!_gradients[last].Any(gradient => gradient.Second.Same is > 0 and < Faint))
            return;
        var pending = _gradients.Take(last + 1);
        if (pending.Any(results => results.Any(gradient => gradient.Second.Same >= Faint)))
            return;
        foreach (var results in pending)
        {
            for (var k = 0; k < results.Length; k++)
                results[k] = results[k].OfLossScaledBy(1 / Faint);
        }

        Parameters.LogScale -= Math.Log(Faint);
    }

    /// <summary>What the loss depends on.</summary>
    private static bool[] Needed(ModelGraph graph)
    {
        var needed = new bool[graph.Nodes.Count];
        needed[Loss.PointOfApplication(graph).Node] = true;
        for (var id = needed.Length - 1; id >= 0; id--)
        {
            if (!needed[id]) continue;
            foreach (var input in graph.Nodes[id].Inputs)
                needed[input.Node] = true;
        }

        return needed;
    }

    private static UnknownReason Unknown(GraphNode node, string why) =>
        new($"{node.Path ?? node.Kind.ToString()}: {why}", node.Use);
}
