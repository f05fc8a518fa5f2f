using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>
/// A model with norms before activations and shortcuts around blocks, in the order in which the inserted modules apply their
/// parts. Nodes are numbered anew; new parameters follow the others.
/// </summary>
internal sealed class GraphInsertion
{
    private readonly ModelGraph _graph;
    private readonly List<GraphNode> _nodes = [];
    private readonly List<ModelParameter> _parameters;
    private readonly int[] _first, _result;

    private GraphInsertion(ModelGraph graph)
    {
        _graph = graph;
        _parameters = graph.Parameters.ToList();
        (_first, _result) = (new int[graph.Nodes.Count], new int[graph.Nodes.Count]);
    }

    /// <param name="graph">The model.</param>
    /// <param name="norms">What is put before activations.</param>
    /// <param name="blocks">What a shortcut is put around.</param>
    /// <param name="scalars">Indices of the parameters that scale the branches of <see cref="Shortcut.ReZero"/>.</param>
    public static ModelGraph Apply(ModelGraph graph, IReadOnlyList<InsertedNorm> norms, IReadOnlyList<ShortcutBlock> blocks, out IReadOnlyList<int> scalars)
    {
        var edited = new GraphInsertion(graph);
        var gates = new Dictionary<ShortcutBlock, NodeOutput>();
        var branchScalars = new List<int>();
        foreach (var node in graph.Nodes)
        {
            edited._first[node.Id] = edited._nodes.Count;
            if (blocks.FirstOrDefault(block => block.First == node.Id && block.Shortcut == Shortcut.Highway) is { } gated)
                gates[gated] = edited.AddGate(gated, node);
            var inputs = node.Inputs.Select(edited.Renumbered).ToArray();
            if (norms.FirstOrDefault(norm => norm.Activation == node.Id) is { } inserted)
                inputs = [edited.AddNorm(inserted, node, inputs)];
            edited._result[node.Id] = edited._nodes.Count;
            edited._nodes.Add(node with { Id = edited._nodes.Count, Inputs = inputs });
            if (blocks.FirstOrDefault(block => block.Last == node.Id) is { } around)
                edited._result[node.Id] = edited.AddShortcut(around, node, gates.TryGetValue(around, out var gate) ? gate : null, branchScalars).Node;
        }

        scalars = branchScalars;
        return graph with
        {
            Nodes = edited._nodes,
            Parameters = edited._parameters,
            Outputs = graph.Outputs.Select(edited.Renumbered).ToArray(),
            Repeats = graph.Repeats.Select(repeat => repeat with { First = edited._first[repeat.First], Last = edited._result[repeat.Last] }).ToArray(),
        };
    }

    private NodeOutput Renumbered(NodeOutput output) => new(_result[output.Node], output.Index);

    private NodeOutput AddNorm(InsertedNorm norm, GraphNode activation, NodeOutput[] inputs)
    {
        var path = $"{PathOf(activation)}.{norm.Kind}";
        return Add(activation, norm.Kind, LayerArguments.Empty, inputs,
            AddParameter(path + ".weight", [norm.Width], InitializerKind.Ones, activation), AddParameter(path + ".bias", [norm.Width], InitializerKind.Zeros, activation));
    }

    /// <summary>σ(W x + b) of what the block is applied to.</summary>
    private NodeOutput AddGate(ShortcutBlock block, GraphNode first)
    {
        var path = $"{PathOf(first)}.{WrapperNames.Gate}";
        var sizes = Arguments(("inputSize", block.Width), ("outputSize", block.Width));
        var weight = AddParameter(path + ".weight", [block.Width, block.Width], InitializerKind.DefaultFanIn, first);
        var bias = AddParameter(path + ".bias", [block.Width], InitializerKind.Constant, first, ("val", ShortcutBlock.GateBias));
        return Add(first, LayerKind.Sigmoid, LayerArguments.Empty, [Add(first, LayerKind.Linear, sizes, [Renumbered(first.Inputs[0])], weight, bias)]);
    }

    private NodeOutput AddShortcut(ShortcutBlock block, GraphNode last, NodeOutput? gate, List<int> scalars)
    {
        var (input, change) = (Renumbered(_graph.Nodes[block.First].Inputs[0]), new NodeOutput(_result[last.Id]));
        switch (block.Shortcut)
        {
            case Shortcut.ReZero:
                scalars.Add(AddParameter($"{PathOf(last)}.{WrapperNames.Alpha}", [1], InitializerKind.Zeros, last));
                change = Join(LayerKind.Multiply, change, Add(last, LayerKind.Constant, ConstantArguments.Of([1], _parameters[scalars[scalars.Count - 1]].Initialization), [], scalars[scalars.Count - 1]));
                break;
            case Shortcut.Highway:
                var taken = Join(LayerKind.Multiply, gate!.Value, change);
                var rest = Add(last, LayerKind.Shift, Arguments(("offset", 1.0)), [Add(last, LayerKind.Negate, LayerArguments.Empty, [gate.Value])]);
                return Join(LayerKind.Add, taken, Join(LayerKind.Multiply, rest, input));
            case Shortcut.StochasticDepth:
                var samples = Add(last, LayerKind.Constant, ConstantArguments.Of(null, Initialization.Default(InitializerKind.Ones)), []);
                change = Join(LayerKind.Multiply, change, Add(last, LayerKind.Dropout, Arguments(("p", block.DropProbability)), [samples]));
                change = Scaled(change, 1 - block.DropProbability);
                break;
            default:
                change = Scaled(change, block.Scale);
                break;
        }

        return Join(LayerKind.Add, input, change);

        NodeOutput Join(LayerKind kind, NodeOutput one, NodeOutput other) => Add(last, kind, LayerArguments.Empty, [one, other]);

        NodeOutput Scaled(NodeOutput tensor, double factor) => factor == 1 ? tensor : Add(last, LayerKind.Scale, Arguments(("factor", factor)), [tensor]);
    }

    private NodeOutput Add(GraphNode beside, LayerKind kind, LayerArguments arguments, NodeOutput[] inputs, params int[] parameters)
    {
        _nodes.Add(new(_nodes.Count, kind, Path: null, arguments, inputs, parameters, beside.Construction, beside.Use));
        return new(_nodes.Count - 1);
    }

    private int AddParameter(string path, long?[] shape, InitializerKind kind, GraphNode beside, params (string Name, object? Value)[] arguments)
    {
        _parameters.Add(new(path, shape, Initialization.Default(kind) with { Arguments = Arguments(arguments) }, RequiresGrad: true, beside.Construction));
        return _parameters.Count - 1;
    }

    private static string PathOf(GraphNode node) => node.Path ?? $"{node.Kind}{node.Id}";

    private static LayerArguments Arguments(params (string Name, object? Value)[] values) => new(values.ToDictionary(value => value.Name, value => value.Value));
}
