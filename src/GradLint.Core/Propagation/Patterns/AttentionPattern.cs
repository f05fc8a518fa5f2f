using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Patterns;

/// <summary>
/// Attention written out, softmax(q·kᵀ·scale + mask)·v, seen as the one operation that it is: its softmax has a theory as attention
/// and none by itself.
/// </summary>
internal static class AttentionPattern
{
    /// <summary>Set where the second input is kᵀ already.</summary>
    public const string KeysTransposed = "keys_transposed";

    /// <summary>The factor of the scores; absent for 1/√d.</summary>
    public const string Scale = "scale";

    /// <summary>The model with each last product of such attention as a <see cref="LayerKind.ScaledDotProductAttention"/> of q, kᵀ and v.</summary>
    public static ModelGraph WithAttentionFused(this ModelGraph graph)
    {
        if (!graph.Nodes.Any(n => n.Kind == LayerKind.Softmax) || !graph.Nodes.Any(n => n.Kind == LayerKind.MatMul)) return graph;
        return graph with { Nodes = graph.Nodes.Select(node => Fused(graph, node) ?? node).ToArray() };
    }

    private static GraphNode? Fused(ModelGraph graph, GraphNode product)
    {
        if (product.Kind != LayerKind.MatMul || product.Inputs.Count != 2) return null;
        var dropout = 0.0;
        var node = graph.Nodes[product.Inputs[0].Node];
        for (; node.Kind == LayerKind.Dropout; node = graph.Nodes[node.Inputs[0].Node])
        {
            if (node.Arguments.Number("p") is not { } p) return null;
            dropout = 1 - ((1 - dropout) * (1 - p));
        }

        // Where the code does not tell the factor, it is taken for the usual one.
        if (node.Kind != LayerKind.Softmax || !IsAlongLast(node)) return null;
        double? scale = 1;
        node = graph.Nodes[node.Inputs[0].Node];
        for (; node.Kind != LayerKind.MatMul; node = graph.Nodes[Data(graph, node)!.Value])
        {
            if (Data(graph, node) is null) return null;
            if (node.Kind is LayerKind.Scale) scale *= node.Arguments.Number("factor");
            else if (node.Kind is LayerKind.Multiply or LayerKind.Divide) scale = null;
        }

        if (node.Inputs.Count != 2) return null;
        var arguments = new Dictionary<string, object?> { ["p"] = dropout, [KeysTransposed] = true };
        if (scale is { } known) arguments[Scale] = known;
        return product with { Kind = LayerKind.ScaledDotProductAttention, Arguments = new(arguments), Inputs = [node.Inputs[0], node.Inputs[1], product.Inputs[1]] };
    }

    /// <summary>The scores that a node between product and softmax scales or masks; null when it does something else.</summary>
    private static int? Data(ModelGraph graph, GraphNode node)
    {
        if (node.Kind is not (LayerKind.Scale or LayerKind.MaskedFill or LayerKind.Add or LayerKind.Multiply or LayerKind.Divide or LayerKind.Clamp)) return null;
        var data = node.Inputs.Where(input => graph.Nodes[input.Node].Kind is not (LayerKind.Constant or LayerKind.Input)).ToArray();
        return data.Length == 1 ? data[0].Node : null;
    }

    private static bool IsAlongLast(GraphNode softmax) => softmax.Arguments.Integer("dim") is -1 or 2 or 3;
}
