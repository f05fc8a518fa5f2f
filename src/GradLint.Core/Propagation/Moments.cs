namespace GradLint.Core.Propagation;

/// <summary>
/// Expected products of two elements of one feature, by where the two are taken: the same sample and position, two samples,
/// two positions (pixels, tokens, time steps) of one sample, two positions of two samples. Averages over positions and pairs.
/// Used for values (E[a·a′]) and for gradients (E[δ·δ′]).
/// </summary>
internal readonly record struct Moments(double Same, double CrossSample, double CrossPosition, double CrossBoth)
{
    public static Moments Zero => default;

    /// <summary>One number for all four: what a bias or a mean common to everything adds.</summary>
    public static Moments Common(double value) => new(value, value, value, value);

    /// <summary>Elements that are independent wherever they are taken.</summary>
    public static Moments Independent(double second) => new(second, 0, 0, 0);

    public static Moments operator +(Moments a, Moments b) =>
        new(a.Same + b.Same, a.CrossSample + b.CrossSample, a.CrossPosition + b.CrossPosition, a.CrossBoth + b.CrossBoth);

    public static Moments operator -(Moments a, Moments b) => a + (b * -1);

    public static Moments operator *(Moments a, double factor) =>
        new(a.Same * factor, a.CrossSample * factor, a.CrossPosition * factor, a.CrossBoth * factor);

    public static Moments operator *(Moments a, Moments b) =>
        new(a.Same * b.Same, a.CrossSample * b.CrossSample, a.CrossPosition * b.CrossPosition, a.CrossBoth * b.CrossBoth);

    /// <summary>The mean over all ordered pairs, a pair of an element with itself included.</summary>
    /// <param name="samples">Samples in the batch.</param>
    /// <param name="positions">Positions in a sample.</param>
    public double MeanOverPairs(double samples, double positions) =>
        (Same + ((positions - 1) * CrossPosition) + ((samples - 1) * (CrossSample + ((positions - 1) * CrossBoth)))) / (samples * positions);

    /// <summary>
    /// The nearest moments that some random elements can have: the four eigenvalues of E[x·x′] over samples × positions (the sum
    /// over all, contrasts of positions, of samples, and of both) are not negative. Differences of nearly equal numbers may be.
    /// </summary>
    public Moments Realizable(double samples, double positions)
    {
        double b = samples - 1, p = positions - 1;
        var all = Math.Max(Same + (p * CrossPosition) + (b * CrossSample) + (b * p * CrossBoth), 0);
        var ofPositions = Math.Max(Same - CrossPosition + (b * (CrossSample - CrossBoth)), 0);
        var ofSamples = Math.Max(Same + (p * CrossPosition) - CrossSample - (p * CrossBoth), 0);
        var ofBoth = Math.Max(Same - CrossPosition - CrossSample + CrossBoth, 0);
        return new Moments(
            all + (p * ofPositions) + (b * ofSamples) + (b * p * ofBoth),
            all + (p * ofPositions) - ofSamples - (p * ofBoth),
            all - ofPositions + (b * ofSamples) - (b * ofBoth),
            all - ofPositions - ofSamples + ofBoth) * (1 / (samples * positions));
    }
}
