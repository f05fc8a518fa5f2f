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
}
