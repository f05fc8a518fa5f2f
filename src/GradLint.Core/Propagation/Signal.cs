namespace GradLint.Core.Propagation;

/// <summary>What is known of the elements of a tensor on the way forward, averaged over the random weights.</summary>
/// <param name="Shape">Its axes.</param>
/// <param name="Mean">Mean of an element over features.</param>
/// <param name="Second">E[a·a′] per element.</param>
internal sealed record Signal(TensorShape Shape, double Mean, Moments Second)
{
    /// <summary>Correlation of one feature between two samples; 1 when the inputs have become indistinguishable.</summary>
    public double SampleCorrelation => Second.Same > 0 ? Second.CrossSample / Second.Same : 0;
}

/// <summary>What is known of ∂L/∂a per element of a tensor on the way backward.</summary>
/// <param name="Second">E[δ·δ′] per element; averages over positions, also where only some receive gradient.</param>
internal sealed record Gradient(Moments Second)
{
    public static Gradient Zero { get; } = new(Moments.Zero);

    public static Gradient operator +(Gradient a, Gradient b) => new(a.Second + b.Second);
}
