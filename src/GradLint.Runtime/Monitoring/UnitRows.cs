using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>What the gradients of weight matrices say of the units, whose rows they have.</summary>
internal static class UnitRows
{
    /// <summary>Per unit, the largest gradient magnitude: 0 for a unit that passes none.</summary>
    /// <param name="gradients">Of matrices; overwritten where that is free.</param>
    /// <returns>(matrices, units), or (units) of one matrix.</returns>
    public static Tensor Largest(TensorStack gradients)
    {
        var columns = gradients.AxesFrom(gradients.FirstAxis + 1);
        if (gradients.IsCopy)
            return gradients.Values.abs_().amax(columns);
        // Two passes without memory for the magnitudes.
        return maximum(gradients.Values.amax(columns), gradients.Values.amin(columns).abs_());
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
