using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Flows;

/// <summary>A tensor cut along its features: each part has its moments; the gradients of the parts average by size.</summary>
internal sealed class SplitFlow : Flow
{
    private readonly double[] _shares;

    public SplitFlow(GraphNode node, Signal input, IReadOnlyList<TensorShape> parts)
        : base(node)
    {
        _shares = parts.Select(part => part.Features / input.Shape.Features).ToArray();
        Outputs = parts.Select(part => input with { Shape = part }).ToArray();
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) =>
        [new(outputs.Zip(_shares, (gradient, share) => gradient.Second * share).Aggregate(Moments.Zero, (sum, part) => sum + part))];
}
