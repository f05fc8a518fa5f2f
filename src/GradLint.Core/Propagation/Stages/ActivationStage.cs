using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// A pointwise activation of normally distributed elements: m = E[φ(z)²], m× = E[φ(z)φ(z′)]; backward × E[φ′(z)²] and
/// × E[φ′(z)φ′(z′)]. (Poole et al. 2016; Schoenholz et al. 2017.)
/// </summary>
internal sealed class ActivationStage : Stage
{
    private readonly ActivatedNormal _elements;
    private readonly double _samples;
    private readonly NodeParameter? _slope;
    private readonly GaussianKernel _slopes;

    private ActivationStage(Signal input, ActivationFunction activation, double samples, NodeParameter? slope)
    {
        (_samples, _slope) = (samples, slope);
        _elements = new(activation, input.Mean, input.Second);
        var (values, slopes) = GaussianKernel.Of(activation, input.Mean, Math.Sqrt(_elements.Variance));
        Output = new(input.Shape, values.Mean, _elements.Evaluate(values)) { Source = _elements };
        _slopes = slopes;
    }

    /// <param name="slope">PReLU's parameter, else null.</param>
    public static Stage Create(Signal input, ActivationFunction? activation, double samples, NodeParameter? slope = null) =>
        activation is null ? new UnknownStage("an argument of the activation is not known") : new ActivationStage(input, activation, samples, slope);

    public static Stage Create(Signal input, LayerKind kind, double samples) =>
        Create(input, ActivationFunction.For(new(0, kind, null, LayerArguments.Empty, [], [], Origin.None, Origin.None)), samples);

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        var elements = output.Selected ?? _elements;
        if (_slope is not null)
        {
            // ∂y/∂a = min(z, 0), summed over the features that share a.
            parameters.Add(_slope.Index, WeightedSum.OverPairs(output.Second, elements.Of(z => Math.Min(z, 0)), _samples, Output.Shape.Positions) * Output.Shape.Features);
        }

        var kernel = output.Selected is null ? _slopes : GaussianKernel.Of(elements.Activation, elements.Mean, Math.Sqrt(elements.Variance)).Slope;
        var slopes = new ActivationSlopes(elements, kernel, output.Second, output.Selected is null ? null : _elements);
        return new(output.Second * slopes.Second) { Through = [slopes], Profile = output.Profile };
    }
}
