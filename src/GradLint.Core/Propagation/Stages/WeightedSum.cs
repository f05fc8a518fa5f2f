namespace GradLint.Core.Propagation.Stages;

/// <summary>What linear layers and convolutions share.</summary>
internal static class WeightedSum
{
    /// <summary>Σ w·a + b over <paramref name="fanIn"/> inputs at each of several taps.</summary>
    /// <param name="taps">Taps of a position, in the mean.</param>
    /// <param name="commonTaps">Taps that two different positions both have, in the mean.</param>
    public static Signal Of(Signal input, TensorShape output, double fanIn, WeightDistribution weight, WeightDistribution bias, double taps, double commonTaps)
    {
        var scaled = input.Second * (fanIn * weight.Variance);
        // Weights of mean ≠ 0 pass the mean of the features on, alike to every unit, and the spread of their sum.
        var mean = (fanIn * taps * weight.Mean * input.Mean) + bias.Mean;
        var spread = (input.Second - Moments.Common(input.Mean * input.Mean)) * (fanIn * weight.Mean * weight.Mean);
        var perTap = scaled + spread;
        var second = new Moments(perTap.Same * taps, perTap.CrossSample * taps, perTap.CrossPosition * commonTaps, perTap.CrossBoth * commonTaps);
        return new(output, mean, second + Moments.Common((mean * mean) + bias.Variance));
    }

    /// <summary>a + b: the identity and a bias.</summary>
    public static Signal Shifted(Signal input, TensorShape output, WeightDistribution bias) =>
        new(output, input.Mean + bias.Mean, input.Second + Moments.Common((2 * input.Mean * bias.Mean) + bias.SecondMoment));

    /// <summary>
    /// Σ over pairs of samples and positions of (δ·δ′)(a·a′), for one pair of output and input element:
    /// B·P·[δ²m + (P−1)δˢmˢ + (B−1)(δ×m× + (P−1)δ×ˢm×ˢ)].
    /// </summary>
    public static SquaredNorm OverPairs(Moments gradient, Moments signal, double samples, double positions) =>
        OverPairs(gradient * signal, samples, positions);

    /// <param name="product">E[δδ′·aa′].</param>
    public static SquaredNorm OverPairs(Moments product, double samples, double positions)
    {
        return new SquaredNorm(
            Math.Max(product.Same + ((positions - 1) * product.CrossPosition), 0),
            (samples - 1) * (product.CrossSample + ((positions - 1) * product.CrossBoth))) * (samples * positions);
    }
}
