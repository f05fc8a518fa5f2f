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
    private readonly Lazy<double?> _deadShare;

    private ActivationStage(Signal input, ActivationFunction activation, double samples, NodeParameter? slope)
    {
        (_samples, _slope) = (samples, slope);
        _elements = new(activation, input.Mean, input.Second);
        var (values, slopes) = GaussianKernel.Of(activation, input.Mean, Math.Sqrt(_elements.Variance));
        Output = new(input.Shape, values.Mean, _elements.Evaluate(values)) { Source = _elements };
        _slopes = slopes;
        _deadShare = new(() => DeadShareOf(_elements, samples, input.Shape.Positions));
    }

    /// <summary>The share of units whose slope is 0 for all inputs: those that their common part holds on the flat side.</summary>
    public override double? DeadShare => _deadShare.Value;

    /// <param name="slope">PReLU's parameter, else null.</param>
    public static Stage Create(Signal input, ActivationFunction? activation, double samples, NodeParameter? slope = null) =>
        activation is null ? new UnknownStage("an argument of the activation is not known, or there is no theory for it") : new ActivationStage(input, activation, samples, slope);

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

    /// <summary>Beyond every kink, and where the slope of what merely levels off is still a number.</summary>
    private const double FarOut = 30;

    /// <summary>Null for activations that are nowhere flat.</summary>
    private static double? DeadShareOf(ActivatedNormal elements, double samples, double positions)
    {
        var slope = elements.Activation.Slope;
        if (slope(-FarOut) != 0 && slope(FarOut) != 0) return null;
        var common = Math.Max(elements.Second.MeanOverPairs(samples, positions) - (elements.Mean * elements.Mean), 0);
        double shared = Math.Sqrt(Math.Min(common, elements.Variance)), own = Math.Sqrt(Math.Max(elements.Variance - common, 0));
        var quadrature = GaussianQuadrature.Standard;
        double dead = 0;
        for (var i = 0; i < quadrature.Nodes.Length; i++)
        {
            var centre = elements.Mean + (shared * quadrature.Nodes[i]);
            var active = ActiveShare(slope, centre, own);
            dead += quadrature.Weights[i] * Math.Exp(-active * samples * positions);
        }

        return dead;
    }

    private static double ActiveShare(Func<double, double> slope, double centre, double deviation)
    {
        if (deviation == 0) return slope(centre) == 0 ? 0 : 1;
        var quadrature = GaussianQuadrature.Standard;
        double active = 0;
        for (var i = 0; i < quadrature.Nodes.Length; i++)
            active += slope(centre + (deviation * quadrature.Nodes[i])) == 0 ? 0 : quadrature.Weights[i];
        return active;
    }
}
