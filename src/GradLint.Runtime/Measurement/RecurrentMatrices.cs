using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>
/// Measures spectral radius and largest singular value of recurrent matrices on the device, by power iteration in which each
/// multiplication squares the power: 2^9 applications for nine products.
/// </summary>
internal static class RecurrentMatrices
{
    private const int Squarings = 9;
    private const float Smallest = 1e-38f;

    /// <summary>The candidate state's place among the parts of a stacked matrix: (i, f, g, o) of an LSTM, (r, z, n) of a GRU.</summary>
    private const int CandidatePart = 2;

    /// <summary>Adds the measurement of every recurrent matrix to others.</summary>
    /// <returns>What makes the samples of it once it has been read.</returns>
    public static IReadOnlyList<Func<DeviceStatistics.Reading, RecurrentMatrixSample>> Measure(
        IEnumerable<LiveParameter> parameters, DeviceStatistics statistics) =>
        [.. parameters.Where(parameter => parameter.IsRecurrent).Select(parameter => Measure(parameter, statistics))];

    /// <summary>Device scalar: lim ‖Wⁿ‖^(1/n) (Gelfand), taken between n = 256 and 512 so that constant factors cancel.</summary>
    /// <param name="matrix">A square matrix of float32.</param>
    public static Tensor SpectralRadius(Tensor matrix)
    {
        var norm = matrix.norm();
        var power = matrix / norm.clamp_min(Smallest);
        // log ‖W^(2^k)‖ / 2^k.
        var rate = norm.log();
        for (var k = 1; k < Squarings; k++)
        {
            power = Square(power, out norm);
            rate += norm.log() / (1 << k);
        }

        Square(power, out norm);
        return (rate + (norm.log() / (1 << (Squarings - 1)))).exp();
    }

    private static Func<DeviceStatistics.Reading, RecurrentMatrixSample> Measure(LiveParameter parameter, DeviceStatistics statistics)
    {
        var width = parameter.Shape[1];
        var isGated = parameter.Shape[0] > width;
        var weight = parameter.Tensor.detach().to(ScalarType.Float32);
        var matrix = isGated ? weight.narrow(0, CandidatePart * width, width) : weight;
        var radius = statistics.Add(SpectralRadius(matrix));
        var singular = statistics.Add(SpectralRadius(matrix.t().mm(matrix)).sqrt());
        return reading => new(parameter.Path, isGated, reading.Value(radius), reading.Value(singular));
    }

    // Once a power is zero it stays so, and its norm's logarithm is −∞.
    private static Tensor Square(Tensor power, out Tensor norm)
    {
        var square = power.mm(power);
        norm = square.norm();
        return square / norm.clamp_min(Smallest);
    }
}
