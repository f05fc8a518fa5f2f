namespace GradLint.Core.Propagation;

/// <summary>
/// From the mean of a squared gradient norm to its typical (geometric mean) value. What indistinguishable samples have in common
/// makes their gradients one vector of K − 1 random numbers, the sum of the loss gradients over the batch; with few classes its
/// length varies much, and the mean of the logarithm lies below the logarithm of the mean.
/// </summary>
internal sealed class TypicalNorm(Gradient atLogits, double classes, double samples, double positions)
{
    /// <summary>ln of the typical squared norm; −∞ for a gradient of exactly 0.</summary>
    public double LogOf(SquaredNorm norm)
    {
        if (norm.Total <= 0) return double.NegativeInfinity;
        return Math.Log(norm.Total) + MeanLog(Coherent(norm), Math.Max(classes - 1, 1) * positions);
    }

    /// <summary>The share of the squared norm that is the same multiple of the summed loss gradient in every sample.</summary>
    private double Coherent(SquaredNorm norm)
    {
        var between = atLogits.Second.Same > 0 ? atLogits.Second.CrossSample / atLogits.Second.Same : 0;
        if (between <= 0 || samples <= 1 || norm.WithinSamples <= 0) return 0;
        var alike = Math.Min(Math.Max(norm.BetweenSamples / ((samples - 1) * norm.WithinSamples) / between, 0), 1);
        return Math.Min(((alike * norm.WithinSamples) + Math.Max(norm.BetweenSamples, 0)) / norm.Total, 1);
    }

    private static double MeanLog(double share, double degrees) =>
        share <= 0 ? 0 : ChiSquared.Expectation(degrees, chi => Math.Log(1 - share + (share * chi)));
}
