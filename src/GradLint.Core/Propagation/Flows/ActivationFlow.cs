using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Flows;

/// <summary>
/// A pointwise activation of normally distributed elements: m = E[φ(z)²], m× = E[φ(z)φ(z′)]; backward × E[φ′(z)²] and
/// × E[φ′(z)φ′(z′)]. (Poole et al. 2016; Schoenholz et al. 2017.)
/// </summary>
internal sealed class ActivationFlow : Flow
{
    private readonly Signal _input;
    private readonly FlowContext _context;
    private readonly double _variance;
    private readonly Moments _slopes;

    private ActivationFlow(GraphNode node, ActivationFunction activation, Signal input, FlowContext context)
        : base(node)
    {
        (_input, _context) = (input, context);
        _variance = Math.Max(input.Second.Same - (input.Mean * input.Mean), 0);
        var (value, slope) = GaussianKernel.Of(activation, input.Mean, Math.Sqrt(_variance));
        Outputs = [new(input.Shape, value.Mean, AtCorrelations(value))];
        _slopes = AtCorrelations(slope);
    }

    public static Flow Create(GraphNode node, Signal input, FlowContext context) =>
        ActivationFunction.For(node) is { } activation
            ? new ActivationFlow(node, activation, input, context)
            : new UnknownFlow(node, "an argument of the activation is not known");

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters)
    {
        // PReLU's slope a: ∂y/∂a = min(z, 0), summed over the features that share it.
        if (Node.Kind == LayerKind.PReLU && _context.Parameter(Node, "weight") is { } slope)
        {
            var (negative, _) = GaussianKernel.Of(new(z => Math.Min(z, 0), z => z < 0 ? 1 : 0, 0), _input.Mean, Math.Sqrt(_variance));
            parameters.Add(slope.Index, _input.Shape.Features
                * WeightGradient.SumOverPairs(outputs[0].Second, AtCorrelations(negative), _context.BatchSize, _input.Shape.Positions));
        }

        return [new(outputs[0].Second * _slopes)];
    }

    private Moments AtCorrelations(GaussianKernel kernel) => new(
        kernel.Second,
        kernel.At(Correlation(_input.Second.CrossSample)),
        kernel.At(Correlation(_input.Second.CrossPosition)),
        kernel.At(Correlation(_input.Second.CrossBoth)));

    private double Correlation(double product) => _variance > 0 ? (product - (_input.Mean * _input.Mean)) / _variance : 1;
}
