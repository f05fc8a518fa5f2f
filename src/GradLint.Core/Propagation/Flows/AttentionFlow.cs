using GradLint.Core.Model;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation.Flows;

/// <summary>A multi-head attention node applied to queries, keys and values.</summary>
internal sealed class AttentionFlow : Flow
{
    private readonly MultiheadAttention _attention;
    private readonly int _inputs;

    private AttentionFlow(GraphNode node, MultiheadAttention attention)
        : base(node)
    {
        (_attention, _inputs) = (attention, node.Inputs.Count);
        // The second result, the attention weights, carries no gradient that a loss would use.
        Outputs = [attention.Output, attention.Output];
    }

    public static Flow Create(GraphNode node, IReadOnlyList<Signal> inputs, FlowContext context)
    {
        if (inputs.Count < 3 || node.Arguments.IsUnknown("dropout")) return new UnknownFlow(node, "what it attends to is not known");
        return MultiheadAttention.Create(inputs[0], inputs[1], inputs[2], node, "", node.Arguments.Number("dropout") ?? 0, context, out var unknown) is { } attention
            ? new AttentionFlow(node, attention) : new UnknownFlow(node, unknown!.Reason);
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters)
    {
        var (query, key, value) = _attention.Backward(outputs[0], parameters);
        return [query, key, value, .. Enumerable.Repeat(Gradient.Zero, _inputs - 3)];
    }
}
