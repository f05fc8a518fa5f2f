namespace GradLint.Core.Propagation;

/// <summary>What is known of the elements of a tensor on the way forward, averaged over the random weights.</summary>
/// <param name="Shape">Its axes.</param>
/// <param name="Mean">Mean of an element over features.</param>
/// <param name="Second">E[a·a′] per element.</param>
internal sealed record Signal(TensorShape Shape, double Mean, Moments Second)
{
    /// <summary>The normally distributed tensor of which this is a pointwise function, when it is one.</summary>
    public ActivatedNormal? Source { get; init; }

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

    /// <summary>E[δδ′·aa′] where δ depends on the value a it belongs to; null when the two are independent.</summary>
    public Moments? TimesValue { get; init; }

    /// <summary>Set when the gradient arrives at the largest of several elements only: how those are distributed.</summary>
    public ActivatedNormal? Selected { get; init; }

    /// <summary>The gradient's share by position (mean 1), where it is not even; null when it is.</summary>
    public IReadOnlyList<double>? Profile { get; init; }

    public bool IsZero => Second.Same == 0;

    /// <summary>E[δδ′·aa′] with the values of the tensor this is the gradient of.</summary>
    public Moments WithValues(Moments values) => TimesValue ?? (Second * values);

    /// <summary>The sum of the gradients of two uses of a tensor with the given values.</summary>
    public Gradient Plus(Gradient other, Moments values)
    {
        if (IsZero) return other;
        if (other.IsZero) return this;
        return new(Second + other.Second)
        {
            TimesValue = TimesValue is null && other.TimesValue is null ? null : WithValues(values) + other.WithValues(values),
            Profile = Mixed(other),
        };
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
