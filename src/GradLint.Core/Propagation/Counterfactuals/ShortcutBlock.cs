using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Layers in a row that a shortcut can lead around, because they keep the shape of what they are applied to.</summary>
/// <param name="First">Id of the node of the weighted layer that it begins with.</param>
/// <param name="Last">Id of its last node: the activation, or the norm or dropout after it.</param>
/// <param name="Scale">Factor of what the layers add to their input.</param>
public sealed record ResidualBlock(int First, int Last, double Scale)
{
    /// <summary>One block for each weighted layer that keeps the shape and is followed by an activation; layers in use by anything else are left alone.</summary>
    public static IReadOnlyList<ResidualBlock> In(ModelGraph graph, Shortcut shortcut)
    {
        if (NodeShapes.Of(graph) is not { } shapes) return [];
        var blocks = graph.Nodes
            .Where(node => FittingInitialization.IsPlainWeighted(node.Kind))
            .Select(node => (First: node, Last: LastOf(graph, node)))
            .Where(block => block.Last is not null && HasSameShape(block.First, block.Last))
            .ToArray();
        var scale = shortcut == Shortcut.Residual ? 1 : Math.Round(1 / Math.Sqrt(Math.Max(blocks.Length, 1)), 2);
        return blocks.Select(block => new ResidualBlock(block.First.Id, block.Last!.Id, scale)).ToArray();

        bool HasSameShape(GraphNode first, GraphNode last) =>
            shapes[first.Inputs[0].Node][first.Inputs[0].Index].Axes.SequenceEqual(shapes[last.Id][0].Axes);
    }

    /// <summary>The node before the next weighted layer, if there is just one way there, an activation is on it, and it is not the model's output.</summary>
    private static GraphNode? LastOf(ModelGraph graph, GraphNode first)
    {
        const LayerTraits Inside = LayerTraits.Activation | LayerTraits.Normalizing | LayerTraits.Dropout;
        var (last, hasActivation) = (first, false);
        while (Users(last) is { Count: 1 } users)
        {
            var user = users[0];
            if ((LayerTable.Describe(user.Kind).Traits & Inside) == 0 || LayerTable.Has(user.Kind, LayerTraits.Weighted) || user.Inputs.Count != 1)
                return hasActivation ? last : null;
            if (LayerTable.Has(user.Kind, LayerTraits.Probability)) return null;
            hasActivation |= LayerTable.Has(user.Kind, LayerTraits.Activation);
            last = user;
        }

        return null;

        IReadOnlyList<GraphNode> Users(GraphNode node) => graph.Nodes.Where(user => user.Inputs.Any(input => input.Node == node.Id)).ToArray();
    }
}
