namespace GradLint.Core.Propagation;

/// <summary>What is known of the elements of a tensor on the way forward, averaged over the random weights.</summary>
/// <param name="Shape">Its axes.</param>
/// <param name="Mean">Mean of an element over features.</param>
/// <param name="Second">E[a·a′] per element.</param>
internal sealed record Signal(TensorShape Shape, double Mean, Moments Second)
{
    /// <summary>The normally distributed tensor of which this is a pointwise function, when it is one.</summary>
    public ActivatedNormal? Source { get; init; }

    /// <summary>
    /// Where positions differ by a pattern that all samples share: how many random numbers a feature's pattern is made of. Null for many.
    /// </summary>
    public double? PatternDegrees { get; init; }

    /// <summary>
    /// How much the mean square over the features of one sample varies, as a share of how much that of independent normal elements
    /// does: 0 right after a normalisation over features, which fixes it.
    /// </summary>
    public double NormSpread { get; init; } = 1;

    /// <summary>a + b, or a − b, of tensors that random weights make uncorrelated but for their means.</summary>
    public Signal Plus(Signal other, TensorShape shape, double sign = 1)
    {
        var total = Second.Same + other.Second.Same;
        double share = total > 0 ? Second.Same / total : 0.5, rest = 1 - share;
        return new(shape, Mean + (sign * other.Mean), Second + other.Second + Moments.Common(2 * sign * Mean * other.Mean))
        {
            NormSpread = (share * share * NormSpread) + (rest * rest * other.NormSpread) + (2 * share * rest),
        };
    }

    /// <summary>E[a·a′] around the mean over features.</summary>
    public Moments Centred => Second - Moments.Common(Mean * Mean);

    /// <summary>Variance of an element around the mean over features.</summary>
    public double Variance => Math.Max(Second.Same - (Mean * Mean), 0);

    /// <summary>Correlation of one feature between two samples; 1 when the inputs have become indistinguishable.</summary>
    public double SampleCorrelation => Second.Same > 0 ? Second.CrossSample / Second.Same : 0;
}

/// <summary>φ of normally distributed elements.</summary>
internal sealed record ActivatedNormal(ActivationFunction Activation, double Mean, Moments Second)
{
    public double Variance => Math.Max(Second.Same - (Mean * Mean), 0);

    public Moments Evaluate(GaussianKernel kernel) => new(
        kernel.Second,
        kernel.At(Correlation(Second.CrossSample)),
        kernel.At(Correlation(Second.CrossPosition)),
        kernel.At(Correlation(Second.CrossBoth)));

    /// <summary>The moments of a function of the same elements.</summary>
    public Moments Of(Func<double, double> function) =>
        Evaluate(GaussianKernel.Of(Activation with { Value = function }, Mean, Math.Sqrt(Variance)).Value);

    private double Correlation(double product) => Variance > 0 ? (product - (Mean * Mean)) / Variance : 1;
}

/// <summary>What is known of ∂L/∂a per element of a tensor on the way backward.</summary>
/// <param name="Second">E[δ·δ′] per element; averages over positions, also where only some receive gradient.</param>
internal sealed record Gradient(Moments Second)
{
    public static Gradient Zero { get; } = new(Moments.Zero);

    /// <summary>The activations that the gradient has just come through; δ depends on their arguments by the slopes.</summary>
    public IReadOnlyList<ActivationSlopes> Through { get; init; } = [];

    /// <summary>Set when the gradient arrives at the largest of several elements only: how those are distributed.</summary>
    public ActivatedNormal? Selected { get; init; }

    /// <summary>The gradient's share by position (mean 1), where it is not even; null when it is.</summary>
    public IReadOnlyList<double>? Profile { get; init; }

    public bool IsZero => Second.Same == 0;

    /// <summary>
    /// E[δδ′·xx′] for x a summand of the arguments of the activations that the gradient has come through, of mean 0 and independent
    /// of the other summands; the rest of the gradient does not depend on it.
    /// </summary>
    public Moments WithSummand(Moments summand) => WithSummand(summand, summand, 1);

    /// <summary>The same for an input x of mean μ that enters the arguments with a random weight.</summary>
    /// <param name="values">E[xx′].</param>
    /// <param name="centred">E[xx′] − μ².</param>
    /// <param name="squaredWeight">E[w²].</param>
    public Moments WithSummand(Moments values, Moments centred, double squaredWeight)
    {
        var total = Second * values;
        foreach (var slopes in Through)
            total = total - (slopes.Gradient * slopes.Second * values) + (slopes.Gradient * slopes.WithSummand(values, centred, squaredWeight));
        return total;
    }

    /// <summary>The gradient of a loss that is that many times larger, squared.</summary>
    public Gradient OfLossScaledBy(double squaredFactor) =>
        this with { Second = Second * squaredFactor, Through = [.. Through.Select(slopes => slopes with { Gradient = slopes.Gradient * squaredFactor })] };

    /// <summary>The sum of the gradients of two uses of a tensor.</summary>
    public Gradient Plus(Gradient other)
    {
        if (IsZero) return other;
        if (other.IsZero) return this;
        return new(Second + other.Second) { Through = [.. Through, .. other.Through], Profile = Mixed(other) };
    }

    private IReadOnlyList<double>? Mixed(Gradient other)
    {
        if (Profile is null && other.Profile is null) return null;
        var count = (Profile ?? other.Profile)!.Count;
        var total = Second.Same + other.Second.Same;
        return Enumerable.Range(0, count)
            .Select(i => (((Profile?[i] ?? 1) * Second.Same) + ((other.Profile?[i] ?? 1) * other.Second.Same)) / total)
            .ToArray();
    }
}

/// <summary>What an activation's slopes did to a gradient, and how they depend on its argument.</summary>
/// <param name="Elements">The activation and its arguments.</param>
/// <param name="Slopes">The kernel of its slope.</param>
/// <param name="Gradient">E[δδ′] above the activation.</param>
/// <param name="Whole">Where the gradient arrives at selected elements only: all of them; else null.</param>
internal sealed record ActivationSlopes(ActivatedNormal Elements, GaussianKernel Slopes, Moments Gradient, ActivatedNormal? Whole = null)
{
    /// <summary>E[φ′φ′].</summary>
    public Moments Second { get; } = Elements.Evaluate(Slopes);

    /// <summary>
    /// E[φ′(z)φ′(z′)·xx′] for a summand x of z: Stein's lemma twice, with Cov(x, z) and Cov(x, z′) those of x with itself.
    /// </summary>
    public Moments WithSummand(Moments values, Moments summand, double squaredWeight)
    {
        if (Whole is not null) return squaredWeight == 1 ? WithSelectedSummand(summand, Whole) : Second * values;
        var variance = Elements.Variance;
        if (variance <= 0) return Second * values;
        var share = squaredWeight * summand.Same * summand.Same / (variance * variance);
        return (Second * values) + new Moments(
            share * (SquaredSlopeTimesSquare() - (Second.Same * variance)),
            Cross(summand.CrossSample, Elements.Second.CrossSample),
            Cross(summand.CrossPosition, Elements.Second.CrossPosition),
            Cross(summand.CrossBoth, Elements.Second.CrossBoth));

        double Cross(double between, double product)
        {
            var (mixed, repeated) = Slopes.SecondDerivatives((product - (Elements.Mean * Elements.Mean)) / variance);
            return squaredWeight * ((((summand.Same * summand.Same) + (between * between)) * mixed) + (2 * summand.Same * between * repeated)) / variance;
        }
    }

    /// <summary>The same where z is the largest of several: its deviation from the mean of all carries over to the summand by its share.</summary>
    private Moments WithSelectedSummand(Moments summand, ActivatedNormal whole)
    {
        if (whole.Variance <= 0) return Second * summand;
        var share = summand.Same / whole.Variance;
        var (mean, slope) = (whole.Mean, Elements.Activation.Slope);
        var centred = whole.Second - Moments.Common(mean * mean);
        return (Elements.Of(z => slope(z) * (z - mean)) * (share * share)) + (Second * (summand - (centred * (share * share))));
    }

    /// <summary>E[φ′(z)²·(z − μ)²].</summary>
    private double SquaredSlopeTimesSquare()
    {
        var mean = Elements.Mean;
        var slope = Elements.Activation.Slope;
        return GaussianKernel.PowersOf(Elements.Activation, z => slope(z) * (z - mean), mean, Math.Sqrt(Elements.Variance)).Second;
    }
}
