using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Flows;

/// <summary>Data: independent elements of mean 0.</summary>
internal sealed class InputFlow : Flow
{
    public InputFlow(GraphNode node, TensorShape shape, double secondMoment)
        : base(node) => Outputs = [new(shape, 0, Moments.Independent(secondMoment))];

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) => [];
}
