using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Flows;

/// <summary>The theory of each kind of node.</summary>
internal static class FlowFactory
{
    public static Flow Create(GraphNode node, IReadOnlyList<Signal> inputs, IReadOnlyList<TensorShape> outputs, FlowContext context)
    {
        switch (node.Kind)
        {
            case LayerKind.Linear:
                return LinearFlow.Create(node, inputs[0], outputs[0], context);
            case LayerKind.ReLU or LayerKind.ReLU6 or LayerKind.LeakyReLU or LayerKind.PReLU or LayerKind.RReLU
                or LayerKind.ELU or LayerKind.CELU or LayerKind.SELU or LayerKind.GELU or LayerKind.SiLU or LayerKind.Mish
                or LayerKind.Sigmoid or LayerKind.LogSigmoid or LayerKind.Hardsigmoid or LayerKind.Tanh or LayerKind.Hardtanh
                or LayerKind.Softplus or LayerKind.Softsign or LayerKind.Softshrink or LayerKind.Hardshrink or LayerKind.Tanhshrink
                or LayerKind.Hardswish or LayerKind.Threshold or LayerKind.Sine or LayerKind.Abs or LayerKind.Exp or LayerKind.Clamp or LayerKind.Power
                or LayerKind.Identity:
                return ActivationFlow.Create(node, inputs[0], context);
            default:
                return new UnknownFlow(node, $"there is no theory for {node.Kind}");
        }
    }
}
