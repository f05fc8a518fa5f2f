using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>What the gradients of weight matrices say of the units, whose rows they have.</summary>
internal static class UnitRows
{
    /// <summary>Adds every unit's largest gradient magnitude to statistics: 0 for a unit that passes none.</summary>
    /// <returns>Reads them, by matrix.</returns>
    public static Func<DeviceStatistics.Reading, int, float[]> AddLargest(TensorStack gradients, DeviceStatistics statistics)
    {
        // Two passes over the gradient without memory for its magnitudes.
        var columns = gradients.AxesFrom(gradients.FirstAxis + 1);
        var units = (int)gradients.Values.shape[gradients.FirstAxis];
        var highest = statistics.AddUnits(gradients.Values.amax(columns), gradients, units);
        var lowest = statistics.AddUnits(gradients.Values.amin(columns), gradients, units);
        return (reading, member) =>
        {
            var largest = reading.Units(highest, member, units).ToArray();
            var low = reading.Units(lowest, member, units);
            for (var i = 0; i < largest.Length; i++)
                largest[i] = MathF.Max(MathF.Abs(largest[i]), MathF.Abs(low[i]));
            return largest;
        };
    }

    /// <summary>Of each matrix, the share of rows equal to another row and not zero.</summary>
    /// <remarks>Rows are told apart by their product with one fixed vector, to a relative 1e-6.</remarks>
    public static Tensor TwinShare(TensorStack gradients)
    {
        var rows = gradients.Values.flatten(gradients.FirstAxis + 1);
        var key = arange(rows.shape[^1], dtype: ScalarType.Float32, device: rows.device).cos();
        var marks = rows.matmul(key).sort().Values;
        var count = marks.shape[^1];
        var (lower, upper) = (marks.narrow(-1, 0, count - 1), marks.narrow(-1, 1, count - 1));
        var equal = (upper - lower).le(upper.abs() * 1e-6).logical_and(upper.ne(0)).to(ScalarType.Float32);
        var none = zeros_like(equal.narrow(-1, 0, 1));
        return maximum(cat([equal, none], -1), cat([none, equal], -1)).mean([-1L]);
    }
}
