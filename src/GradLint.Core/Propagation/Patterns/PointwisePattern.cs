using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Patterns;

/// <summary>
/// Sums, differences and products of pointwise functions of one tensor, such as x·σ(x), x + x or ½x·(1 + erf(x/√2)): seen as
/// one pointwise function of it, because the operands are anything but independent.
/// </summary>
internal static class PointwisePattern
{
    /// <summary>The argument of a <see cref="LayerKind.Pointwise"/> with its <see cref="ActivationFunction"/>.</summary>
    public const string Function = "function";

    /// <summary>The argument with the number of functions in that one.</summary>
    private const string Size = "size";

    private const int LargestSize = 32;

    private sealed record Link(NodeOutput Source, ActivationFunction Function, long Size);

    /// <summary>The model with each such join as a <see cref="LayerKind.Pointwise"/> of the first tensor that its operands have in common.</summary>
    public static ModelGraph WithPointwiseFused(this ModelGraph graph)
    {
        GraphNode[]? nodes = null;
        foreach (var node in graph.Nodes)
        {
            if (node.Inputs.Count == 2 && node.Kind is LayerKind.Add or LayerKind.Subtract or LayerKind.Multiply && Fused(nodes ?? graph.Nodes, node) is { } fused)
                (nodes ??= [.. graph.Nodes])[node.Id] = fused;
        }

        return nodes is null ? graph : graph with { Nodes = nodes };
    }

    private static GraphNode? Fused(IReadOnlyList<GraphNode> nodes, GraphNode node)
    {
        var right = Chain(nodes, node.Inputs[1]);
        foreach (var left in Chain(nodes, node.Inputs[0]).AsEnumerable().Reverse())
        {
            if (right.Find(link => link.Source == left.Source) is { } other)
            {
                var arguments = new Dictionary<string, object?> { [Function] = Joined(node.Kind, left.Function, other.Function), [Size] = left.Size + other.Size };
                return node with { Kind = LayerKind.Pointwise, Inputs = [left.Source], Arguments = new(arguments) };
            }
        }

        return null;
    }

    /// <summary>The tensors that one is a pointwise function of, from itself backward, each with that function.</summary>
    private static List<Link> Chain(IReadOnlyList<GraphNode> nodes, NodeOutput end)
    {
        var chain = new List<Link> { new(end, ActivationFunction.Identity, 1) };
        var (source, function, size, isAffine) = (end, ActivationFunction.Identity, 1L, true);
        while (nodes[source.Node] is { Inputs.Count: 1, Parameters.Count: 0 } node && Applied(node) is { } inner)
        {
            // Each join evaluates what leads to it twice.
            size += node.Arguments.Integer(Size) ?? 1;
            if (size > LargestSize)
                break;
            // Where a function of a bent one bends is not worked out, unless one of the two is a straight line.
            var bends = inner.IsAffine ? [.. function.Kinks.Select(kink => Before(inner.Function, kink))]
                : isAffine || function.Kinks.Length == 0 ? inner.Function.Kinks : null;
            if (bends is null)
                break;
            var (outer, step) = (function, inner.Function);
            (source, isAffine) = (node.Inputs[0], isAffine && inner.IsAffine);
            function = new(z => outer.Value(step.Value(z)), z => outer.Slope(step.Value(z)) * step.Slope(z), bends);
            chain.Add(new(source, function, size));
        }

        return chain;
    }

    /// <summary>What a node applies to each element alone; null for anything else, and for what has a theory for some inputs only.</summary>
    private static (ActivationFunction Function, bool IsAffine)? Applied(GraphNode node) => node.Kind switch
    {
        LayerKind.Scale or LayerKind.Shift or LayerKind.Negate => AffineOperation.Of(node) is { Factor: not 0 } line ? (Line(line), true) : null,
        LayerKind.RReLU => null,
        _ => (node.Kind is LayerKind.Pointwise or LayerKind.Power or LayerKind.Abs or LayerKind.Exp or LayerKind.Clamp || LayerTable.Has(node.Kind, LayerTraits.Activation))
            && ActivationFunction.For(node) is { } function ? (function, false) : null,
    };

    private static ActivationFunction Line(AffineOperation line) => new(z => (line.Factor * z) + line.Offset, _ => line.Factor);

    /// <summary>The z at which a line has a value.</summary>
    private static double Before(ActivationFunction line, double value) => (value - line.Value(0)) / line.Slope(0);

    private static ActivationFunction Joined(LayerKind join, ActivationFunction left, ActivationFunction right)
    {
        double[] kinks = [.. left.Kinks.Union(right.Kinks)];
        var sign = join == LayerKind.Subtract ? -1 : 1;
        return join == LayerKind.Multiply
            ? new(z => left.Value(z) * right.Value(z), z => (left.Slope(z) * right.Value(z)) + (left.Value(z) * right.Slope(z)), kinks)
            : new(z => left.Value(z) + (sign * right.Value(z)), z => left.Slope(z) + (sign * right.Slope(z)), kinks);
    }
}
