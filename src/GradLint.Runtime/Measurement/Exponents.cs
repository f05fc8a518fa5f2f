using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>Counts magnitudes by their binary exponent.</summary>
internal static class Exponents
{
    public const int Bins = ParameterSample.HighestBin - ParameterSample.LowestBin + 1;

    /// <summary>Device vector of <see cref="Bins"/> counts; zeros are in the first bin.</summary>
    public static Tensor Count(Tensor values) =>
        values.to(ScalarType.Float32).abs().log2().floor()
            .clamp(ParameterSample.LowestBin, ParameterSample.HighestBin)
            .histc(Bins, ParameterSample.LowestBin, ParameterSample.HighestBin + 1);
}
