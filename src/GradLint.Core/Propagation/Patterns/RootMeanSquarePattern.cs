using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Patterns;

/// <summary>
/// Division by the root mean square, x·(mean(x²) + ε)^(−½), written out (Zhang &amp; Sennrich 2019): seen as one normalisation,
/// because what divides and what is divided depend on each other.
/// </summary>
internal static class RootMeanSquarePattern
{
    /// <summary>Set where the mean square is divided out, not the length.</summary>
    public const string IsMean = "mean";

    /// <summary>The model with each such product or quotient as a <see cref="LayerKind.Normalize"/> of x.</summary>
    public static ModelGraph WithRootMeanSquareFused(this ModelGraph graph) => graph.Nodes.Any(n => n.Kind is LayerKind.ReciprocalSqrt or LayerKind.Sqrt)
        ? graph with { Nodes = graph.Nodes.Select(node => Fused(graph, node) ?? node).ToArray() } : graph;

    private static GraphNode? Fused(ModelGraph graph, GraphNode node)
    {
        if (node.Inputs.Count != 2 || node.Kind is not (LayerKind.Multiply or LayerKind.Divide)) return null;
        var root = node.Kind == LayerKind.Multiply ? LayerKind.ReciprocalSqrt : LayerKind.Sqrt;
        for (var i = 0; i < 2; i++)
        {
            var (data, divisor) = (node.Inputs[1 - i], graph.Nodes[node.Inputs[i].Node]);
            if (divisor.Kind != root || (node.Kind == LayerKind.Divide && i == 0)) continue;
            var step = graph.Nodes[divisor.Inputs[0].Node];
            double? epsilon = 0;
            if (step.Kind == LayerKind.Shift)
            {
                epsilon = step.Arguments.Number("offset");
                step = graph.Nodes[step.Inputs[0].Node];
            }

            if (epsilon is null || step.Kind != LayerKind.Mean || step.Arguments.Sizes("dim", 1) is not { Count: 1 } dim || dim[0] is not -1) continue;
            var square = graph.Nodes[step.Inputs[0].Node];
            var isSquare = square.Kind == LayerKind.Power ? square.Arguments.Number("exponent") == 2
                : square.Kind == LayerKind.Multiply && square.Inputs.Count == 2 && square.Inputs[0] == square.Inputs[1];
            if (!isSquare || square.Inputs[0] != data) continue;
            return node with
            {
                Kind = LayerKind.Normalize,
                Inputs = [data],
                Arguments = new(new Dictionary<string, object?> { ["dim"] = -1L, ["eps"] = epsilon, [IsMean] = true }),
            };
        }

        return null;
    }
}
