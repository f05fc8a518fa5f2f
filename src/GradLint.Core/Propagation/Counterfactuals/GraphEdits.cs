using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>A model as it would be after an edit; predicting it again tells what the edit would do.</summary>
public static class GraphEdits
{
    /// <summary>The model with other activations at <paramref name="nodes"/>, all else equal.</summary>
    public static ModelGraph WithActivation(this ModelGraph graph, IReadOnlyCollection<int> nodes, LayerKind activation) => graph with
    {
        Nodes = graph.Nodes
            .Select(node => nodes.Contains(node.Id) ? node with { Kind = activation, Arguments = LayerArguments.Empty } : node)
            .ToArray(),
    };

    /// <summary>The model with <paramref name="parameters"/> (indices) drawn anew.</summary>
    public static ModelGraph WithInitialization(this ModelGraph graph, IReadOnlyCollection<int> parameters, Initialization initialization) => graph with
    {
        Parameters = graph.Parameters
            .Select((parameter, index) => parameters.Contains(index) ? parameter with { Initialization = initialization } : parameter)
            .ToArray(),
    };

    /// <summary>The model with norms before activations and shortcuts around blocks. Nodes are numbered anew; new parameters follow the others.</summary>
    public static ModelGraph WithInsertions(this ModelGraph graph, IReadOnlyList<InsertedNorm> norms, IReadOnlyList<ResidualBlock> blocks)
    {
        var nodes = new List<GraphNode>();
        var parameters = graph.Parameters.ToList();
        var (first, result) = (new int[graph.Nodes.Count], new int[graph.Nodes.Count]);
        foreach (var node in graph.Nodes)
        {
            first[node.Id] = nodes.Count;
            var inputs = node.Inputs.Select(Renumbered).ToArray();
            if (norms.FirstOrDefault(norm => norm.Activation == node.Id) is { } inserted)
            {
                var path = $"{node.Path ?? $"{node.Kind}{node.Id}"}.{inserted.Kind}";
                parameters.Add(new(path + ".weight", [inserted.Width], Initialization.Default(InitializerKind.Ones), RequiresGrad: true, node.Construction));
                parameters.Add(new(path + ".bias", [inserted.Width], Initialization.Default(InitializerKind.Zeros), RequiresGrad: true, node.Construction));
                inputs = [Add(node, inserted.Kind, LayerArguments.Empty, inputs, [parameters.Count - 2, parameters.Count - 1])];
            }

            result[node.Id] = nodes.Count;
            nodes.Add(node with { Id = nodes.Count, Inputs = inputs });
            if (blocks.FirstOrDefault(block => block.Last == node.Id) is { } around)
                result[node.Id] = AddShortcut(around, node);
        }

        return graph with
        {
            Nodes = nodes,
            Parameters = parameters,
            Outputs = graph.Outputs.Select(Renumbered).ToArray(),
            Repeats = graph.Repeats.Select(repeat => repeat with { First = first[repeat.First], Last = result[repeat.Last] }).ToArray(),
        };

        NodeOutput Renumbered(NodeOutput output) => new(result[output.Node], output.Index);

        int AddShortcut(ResidualBlock block, GraphNode last)
        {
            var change = new NodeOutput(result[last.Id]);
            if (block.Scale != 1)
                change = Add(last, LayerKind.Scale, new(new Dictionary<string, object?> { ["factor"] = block.Scale }), [change], []);
            return Add(last, LayerKind.Add, LayerArguments.Empty, [Renumbered(graph.Nodes[block.First].Inputs[0]), change], []).Node;
        }

        NodeOutput Add(GraphNode beside, LayerKind kind, LayerArguments arguments, NodeOutput[] inputs, int[] ownParameters)
        {
            nodes.Add(new(nodes.Count, kind, Path: null, arguments, inputs, ownParameters, beside.Construction, beside.Use));
            return new(nodes.Count - 1);
        }
    }
}
