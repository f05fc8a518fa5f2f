using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Layers in a row that a shortcut can lead around, because they keep the shape of what they are applied to.</summary>
/// <param name="First">Id of the node of the weighted layer that it begins with.</param>
/// <param name="Last">Id of its last node: the activation, or the norm or dropout after it.</param>
/// <param name="Shortcut">What leads around.</param>
public sealed record ShortcutBlock(int First, int Last, Shortcut Shortcut)
{
    /// <summary>What the bias of a <see cref="Shortcut.Highway"/>'s gate begins with: it passes 88 % of the input.</summary>
    public const double GateBias = -2;

    /// <summary>How likely a sample skips the last block of <see cref="Shortcut.StochasticDepth"/> (Huang et al. 2016); those before, in proportion to their depth.</summary>
    public const double LastDropProbability = 0.5;

    /// <summary>Factor of what the layers add to their input.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>How likely a sample skips the layers, in <see cref="Shortcut.StochasticDepth"/>.</summary>
    public double DropProbability { get; init; }

    /// <summary>Features of the last axis, which the gate of a <see cref="Shortcut.Highway"/> takes.</summary>
    public long Width { get; init; }

    /// <summary>
    /// One block for each weighted layer that keeps the shape and is followed by an activation; layers in use by anything else are
    /// left alone. None at all where one of them does not take the shortcut.
    /// </summary>
    public static IReadOnlyList<ShortcutBlock> In(ModelGraph graph, Shortcut shortcut)
    {
        if (NodeShapes.Of(graph) is not { } shapes) return [];
        var blocks = graph.Nodes
            .Where(node => FittingInitialization.IsPlainWeighted(node.Kind))
            .Select(node => (First: node, Last: LastOf(graph, node)))
            .Where(block => block.Last is not null && shapes[block.Last.Id][0].Axes.SequenceEqual(Entering(block.First).Axes))
            .ToArray();
        if (shortcut == Shortcut.Highway && blocks.Any(block => !HasFeaturesLast(Entering(block.First)))) return [];
        var scale = shortcut == Shortcut.ScaledResidual ? Math.Round(1 / Math.Sqrt(Math.Max(blocks.Length, 1)), 2) : 1;
        return blocks.Select((block, i) => new ShortcutBlock(block.First.Id, block.Last!.Id, shortcut)
        {
            Scale = scale,
            DropProbability = shortcut == Shortcut.StochasticDepth ? LastDropProbability * (i + 1) / blocks.Length : 0,
            Width = (long)Entering(block.First).Features,
        }).ToArray();

        TensorShape Entering(GraphNode first) => shapes[first.Inputs[0].Node][first.Inputs[0].Index];
    }

    /// <summary>The nodes after the first up to the last, in order.</summary>
    public IEnumerable<GraphNode> Followers(ModelGraph graph)
    {
        for (var node = First; node != Last;)
        {
            var follower = graph.Nodes.First(user => user.Inputs.Any(input => input.Node == node));
            yield return follower;
            node = follower.Id;
        }
    }

    private static bool HasFeaturesLast(TensorShape shape) =>
        shape.LastOf(AxisRole.Feature) == shape.Rank - 1 && shape.Axes.Count(axis => axis.Role == AxisRole.Feature) == 1;

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
