namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// A normalisation divides by an empirical variance, which differs from group to group: E[1/σ̂²] is more than 1/E[σ̂²], the more the
/// fewer independent numbers σ̂² averages. A pattern by position that samples share is made of few (at the border: which taps read).
/// </summary>
/// <param name="InverseFactor">E[1/σ̂²]·E[σ̂²].</param>
/// <param name="PatternFactor">The part of it that is due to the pattern.</param>
internal sealed record VarianceSpread(double InverseFactor, double PatternFactor)
{
    /// <summary>Of n independent normal elements: n/(n − 2).</summary>
    public static double OfCount(double elements) => elements > 4 ? elements / (elements - 2) : 2;

    /// <param name="normalized">Moments of the normalised elements.</param>
    /// <param name="patternDegrees">Numbers that a feature's pattern is made of; null for as many as there are positions.</param>
    public static VarianceSpread OfBatch(Moments normalized, double samples, double positions, double? patternDegrees)
    {
        double b = samples - 1, p = positions - 1, all = samples * positions;
        var pattern = p * Math.Max(normalized.Same - normalized.CrossPosition + (b * (normalized.CrossSample - normalized.CrossBoth)), 0) / all;
        var bySample = b * Math.Max(normalized.Same + (p * normalized.CrossPosition) - normalized.CrossSample - (p * normalized.CrossBoth), 0) / all;
        var byBoth = b * p * Math.Max(normalized.Same - normalized.CrossPosition - normalized.CrossSample + normalized.CrossBoth, 0) / all;
        var varying = bySample + byBoth;
        if (varying <= 0 || b <= 0) return new(1, 1);

        var degrees = varying * varying / ((bySample * bySample / b) + (p > 0 ? byBoth * byBoth / (b * p) : 0));
        var share = pattern / (pattern + varying);
        var factor = share > 0.01 && p > 0
            ? ChiSquared.Expectation(Math.Min(patternDegrees ?? p, p), chi => 1 / (1 - share + (share * chi))) : 1;
        return new(factor * OfCount(degrees), factor);
    }

    /// <summary>Features whose pattern is small keep more of what varies: 1 − c grows by the factor.</summary>
    public Moments Adjust(Moments normalized) => normalized with
    {
        CrossSample = normalized.Same - ((normalized.Same - normalized.CrossSample) * PatternFactor),
    };
}
