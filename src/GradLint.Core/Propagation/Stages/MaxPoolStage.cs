namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// The largest of a window of n positions. The activation before it rises, so pooling commutes with it: the largest of n normal
/// elements is taken (as normal, with the exact mean and variance of a largest of n), then the activation. The gradient goes to
/// the largest element alone, whose slope is that of the largest.
/// </summary>
internal sealed class MaxPoolStage : Stage
{
    private readonly Signal _input;
    private readonly ActivatedNormal _largest;
    private readonly double _window, _agreement;

    public MaxPoolStage(Signal input, TensorShape output, double window)
    {
        (_input, _window) = (input, window);
        var source = input.Source ?? new(ActivationFunction.Identity, input.Mean, input.Second);
        var (shift, spread) = LargestOf(window);
        var mean2 = source.Mean * source.Mean;
        double variance = source.Variance;
        var within = Math.Min(Math.Max(source.Second.CrossPosition - mean2, 0), variance);
        var common = Math.Min(Math.Max(source.Second.CrossBoth - mean2, 0), within);
        var alone = variance - within;

        // Of what differs within the window, the share that two samples have in common at one position.
        var shared = alone > 0 ? Math.Min(Math.Max((source.Second.CrossSample - mean2 - common) / alone, 0), 1) : 1;
        _agreement = (1 / window) + ((1 - (1 / window)) * shared * shared);
        var covariance = (shared / window) + ((spread - (1 / window)) * shared * shared);

        var mean = source.Mean + (shift * Math.Sqrt(alone));
        _largest = new(source.Activation, mean, new Moments(
            within + (alone * spread), common + (alone * covariance), within, common) + Moments.Common(mean * mean));
        var (values, _) = GaussianKernel.Of(source.Activation, mean, Math.Sqrt(_largest.Variance));
        Output = new(output, values.Mean, _largest.Evaluate(values)) { Source = _largest };
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        double inputs = _input.Shape.Positions, outputs = Output.Shape.Positions;
        var pairs = inputs * (inputs - 1);
        var second = output.Second;
        var gradient = new Gradient(new(
            second.Same * outputs / inputs,
            second.CrossSample * _agreement * outputs / inputs,
            pairs > 0 ? second.CrossPosition * outputs * (outputs - 1) / pairs : 0,
            pairs > 0 ? ((second.CrossSample * (1 - _agreement) * outputs) + (second.CrossBoth * outputs * (outputs - 1))) / pairs : 0));
        return _input.Source is null ? gradient : gradient with { Selected = _largest };
    }

    /// <summary>Mean and variance of the largest of n independent standard normals, of density n·Φ(u)^(n−1)·φ(u).</summary>
    private static (double Mean, double Variance) LargestOf(double n)
    {
        var quadrature = GaussianQuadrature.Standard;
        double mean = 0, second = 0;
        for (var i = 0; i < quadrature.Nodes.Length; i++)
        {
            var u = quadrature.Nodes[i];
            var weight = quadrature.Weights[i] * n * Math.Pow(NormalDistribution.Cumulative(u), n - 1);
            mean += weight * u;
            second += weight * u * u;
        }

        return (mean, second - (mean * mean));
    }
}
