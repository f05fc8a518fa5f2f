namespace GradLint.Core.Propagation.Flows;

/// <summary>The squared norm of a weight's gradient from the moments on both sides of it.</summary>
internal static class WeightGradient
{
    /// <summary>
    /// Σ over pairs of samples and positions of (δ·δ′)(a·a′), for one pair of output and input element:
    /// B·P·[δ²m + (P−1)δˢmˢ + (B−1)(δ×m× + (P−1)δ×ˢm×ˢ)].
    /// </summary>
    public static double SumOverPairs(Moments gradient, Moments signal, double samples, double positions) =>
        samples * positions * samples * positions * Math.Max((gradient * signal).MeanOverPairs(samples, positions), 0);
}
