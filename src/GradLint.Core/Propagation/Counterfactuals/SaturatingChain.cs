using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>
/// The saturating activations that the gradient passes on its way from the output to the starved layers, with the
/// weights that feed them. Gates (a sigmoid that multiplies), attention weights and the model's output are no part of it.
/// </summary>
/// <param name="Activations">Ids of the activation nodes, in forward order.</param>
/// <param name="Weights">Indices of the weight matrices that feed them: the ones an initialiser has to fit to the activation.</param>
public sealed record SaturatingChain(IReadOnlyList<int> Activations, IReadOnlyList<int> Weights)
{
    /// <summary>The chain of a model, or null when no saturating activation lies behind the parameter.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="starved">Index of the starved parameter.</param>
    public static SaturatingChain? Behind(ModelGraph graph, int starved)
    {
        var reached = Downstream(graph, starved);
        var activations = graph.Nodes
            .Where(node => reached.Contains(node.Id) && LayerTable.Has(node.Kind, LayerTraits.Activation | LayerTraits.Saturating))
            .Where(node => !IsOutput(graph, node.Id) && !IsGate(graph, node.Id))
            .Select(node => node.Id)
            .ToArray();
        return activations.Length == 0 ? null : new(activations, WeightsFeeding(graph, activations));
    }

    /// <summary>The nodes that the parameter's layer feeds, that layer included.</summary>
    private static HashSet<int> Downstream(ModelGraph graph, int parameter)
    {
        var reached = new HashSet<int>();
        foreach (var node in graph.Nodes)
        {
            if (node.Parameters.Contains(parameter) || node.Inputs.Any(input => reached.Contains(input.Node)))
                reached.Add(node.Id);
        }

        return reached;
    }

    private static bool IsOutput(ModelGraph graph, int node) => graph.Outputs.Any(output => output.Node == node);

    private static bool IsGate(ModelGraph graph, int node) =>
        graph.Nodes.Any(user => user.Kind is LayerKind.Multiply or LayerKind.MatMul && user.Inputs.Any(input => input.Node == node));

    /// <summary>The matrices of the last linear layers and convolutions before the activations, whatever normalises, drops or reshapes between.</summary>
    private static IReadOnlyList<int> WeightsFeeding(ModelGraph graph, IEnumerable<int> activations)
    {
        var weights = new SortedSet<int>();
        var seen = new HashSet<int>();
        var pending = new Stack<int>(activations.SelectMany(id => graph.Nodes[id].Inputs).Select(input => input.Node));
        while (pending.Count > 0)
        {
            var node = graph.Nodes[pending.Pop()];
            if (!seen.Add(node.Id) || LayerTable.Has(node.Kind, LayerTraits.Activation))
                continue;
            if (FittingInitialization.IsPlainWeighted(node.Kind))
                weights.UnionWith(node.Parameters.Where(index => graph.Parameters[index].Shape.Count >= 2));
            else if (!LayerTable.Has(node.Kind, LayerTraits.Weighted))
                foreach (var input in node.Inputs)
                    pending.Push(input.Node);
        }

        return weights.ToArray();
    }
}
