using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>factor·x + offset, by scalars that the code tells.</summary>
internal sealed record AffineOperation(double Factor, double Offset)
{
    /// <summary>What the node does, if it scales, shifts or negates; null when it does not, or its scalar is unknown.</summary>
    public static AffineOperation? Of(GraphNode node) => node.Kind switch
    {
        LayerKind.Scale => Scalar(node, "factor") is { } factor ? new(factor, 0) : null,
        LayerKind.Shift => Scalar(node, "offset") is { } offset ? new(1, offset) : null,
        LayerKind.Negate => new(-1, 0),
        _ => null,
    };

    private static double? Scalar(GraphNode node, string name) => node.Arguments.Number(name) ?? node.Arguments.Number("value");
}
