using System.Globalization;
using System.Text.Json.Serialization;

namespace GradLint.Runtime.Recording;

/// <summary>What a recurrent matrix says of the gradient on its way back through time.</summary>
public enum MemoryRegime
{
    /// <summary>Largest singular value below 1: every step back shrinks the gradient.</summary>
    Shrinking,

    /// <summary>Spectral radius below 1, largest singular value not: it may grow for some steps, and shrinks in the long run.</summary>
    ShrinkingInTheLongRun,

    /// <summary>Spectral radius of 1 or more: it may last, or explode.</summary>
    Lasting,

    /// <summary>LSTM and GRU: how far open the gates are decides, not the matrix.</summary>
    Gated,

    /// <summary>A weight is not finite.</summary>
    Unknown,
}

/// <summary>The matrix that carries a recurrent layer's state from one time step to the next; one a layer and direction.</summary>
/// <param name="Path">The parameter's path: <c>rnn.weight_hh_l0</c>, <c>rnn.weight_hh_l0_reverse</c>.</param>
/// <param name="IsGated">Whether it belongs to an LSTM or GRU; then the candidate state's part of it was measured.</param>
/// <param name="SpectralRadius">The largest magnitude of its eigenvalues; not finite when a weight is not.</param>
/// <param name="LargestSingularValue">The most by which it lengthens a vector.</param>
/// <remarks>
/// With slopes of at most 1 (tanh, ReLU) a spectral radius below 1 makes the gradient vanish over time and one above 1 is
/// necessary for it to explode; below 1 in the largest singular value, no single step can lengthen it (Pascanu et al. 2013).
/// </remarks>
public sealed record RecurrentMatrixSample(string Path, bool IsGated, double SpectralRadius, double LargestSingularValue)
{
    [JsonIgnore]
    public MemoryRegime Regime =>
        !double.IsFinite(SpectralRadius + LargestSingularValue) ? MemoryRegime.Unknown
        : IsGated ? MemoryRegime.Gated
        : LargestSingularValue < 1 ? MemoryRegime.Shrinking
        : SpectralRadius < 1 ? MemoryRegime.ShrinkingInTheLongRun
        : MemoryRegime.Lasting;

    /// <summary>The two numbers and what follows from them, in one sentence.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"'{Path}': spectral radius {SpectralRadius:0.00}, largest singular value {LargestSingularValue:0.00}: {Consequence}.");

    private string Consequence => Regime switch
    {
        MemoryRegime.Shrinking => string.Create(
            CultureInfo.InvariantCulture,
            $"below 1, so with tanh or ReLU every step back shrinks the gradient and no more than 1e-3 of it is left after {StepsToThousandth} (Pascanu et al. 2013)"),
        MemoryRegime.ShrinkingInTheLongRun => "a radius below 1, so with tanh or ReLU the horizon must shrink as sequences grow, though single steps may lengthen the gradient (Pascanu et al. 2013)",
        MemoryRegime.Lasting => "a radius of 1 or more, so the gradient may last over many steps, or explode (Pascanu et al. 2013)",
        MemoryRegime.Unknown => "a weight is not finite",
        _ => "of the candidate state; in a gated cell the forget or update gate decides how long the gradient lasts",
    };

    // σ^k ≤ 1e-3.
    private long StepsToThousandth =>
        LargestSingularValue <= 1e-3 ? 1 : (long)Math.Min(1e9, Math.Ceiling(Math.Log(1e-3) / Math.Log(LargestSingularValue)));
}
