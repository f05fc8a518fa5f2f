using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Flows;

/// <summary>One application of a layer: its signals forward are computed on construction, its gradients on request.</summary>
internal abstract class Flow(GraphNode node)
{
    public GraphNode Node { get; } = node;

    /// <summary>The node's results, in order.</summary>
    public IReadOnlyList<Signal> Outputs { get; protected set; } = [];

    /// <summary>
    /// The share of units that are zero, or saturated to slope 0, for every input; null where the notion does not apply.
    /// </summary>
    public virtual double? DeadShare => null;

    /// <summary>Gradients at the inputs from those at the outputs; reports the gradients of the node's own parameters.</summary>
    public abstract IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters);
}

/// <summary>A node whose effect on the signal is not known.</summary>
internal sealed class UnknownFlow(GraphNode node, string reason) : Flow(node)
{
    public string Reason { get; } = reason;

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) => [];
}

/// <summary>A node that the loss does not depend on.</summary>
internal sealed class UnusedFlow(GraphNode node) : Flow(node)
{
    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) => [];
}
