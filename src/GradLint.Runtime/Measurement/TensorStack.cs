using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>
/// Tensors of one shape on top of each other, in float32, and statistics of each. What it makes belongs to the dispose scope
/// around it.
/// </summary>
internal sealed class TensorStack
{
    private TensorStack(Tensor values, int count, bool isCopy) => (Values, Count, IsCopy) = (values, count, isCopy);

    /// <summary>(count, …shape), or a single tensor as it is.</summary>
    public Tensor Values { get; }

    public int Count { get; }

    /// <summary>Whether it has memory of its own and may be written to.</summary>
    public bool IsCopy { get; }

    /// <summary>The tensors' first axis.</summary>
    public int FirstAxis => Count == 1 ? 0 : 1;

    public static TensorStack Of(IReadOnlyList<Tensor> tensors)
    {
        var values = tensors.Count == 1 ? tensors[0] : stack(tensors);
        return values.dtype == ScalarType.Float32
            ? new(values, tensors.Count, isCopy: tensors.Count > 1)
            : new(values.to(ScalarType.Float32), tensors.Count, isCopy: true);
    }

    /// <summary>Other values of the same shape.</summary>
    public TensorStack With(Tensor values) => new(values, Count, isCopy: true);

    /// <summary>One of the tensors.</summary>
    public Tensor this[int member] => Count == 1 ? Values : Values[member];

    /// <summary>√Σx² of each. Squares below 1e-38 vanish in float32: see <see cref="Norm.Of"/>.</summary>
    public Tensor L2() => Count == 1 ? Values.norm() : linalg.vector_norm(Values, 2, AllAxes);

    /// <summary>Adds max |x| of each to statistics; NaN when any value is. The values are overwritten where that is free.</summary>
    /// <returns>Reads it, by tensor.</returns>
    public Func<DeviceStatistics.Reading, int, double> AddMaxAbs(DeviceStatistics statistics)
    {
        if (IsCopy)
        {
            var max = statistics.Add(Values.abs_().amax(AllAxes), this);
            return (reading, member) => reading.Value(max, member);
        }

        // In one pass, and without memory for the magnitudes; norm(∞) goes element by element on a CPU.
        var (least, largest) = Values.aminmax();
        var (low, high) = (statistics.Add(least), statistics.Add(largest));
        return (reading, _) => Math.Max(Math.Abs(reading.Value(low)), reading.Value(high));
    }

    /// <summary>Σx of each.</summary>
    public Tensor Sum() => Count == 1 ? Values.sum() : Values.sum(AllAxes);

    private long[] AllAxes => AxesFrom(FirstAxis);

    /// <summary>The axes of <see cref="Values"/> from one on.</summary>
    public long[] AxesFrom(int first)
    {
        var axes = new long[Math.Max(0, Values.ndim - first)];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = first + i;
        return axes;
    }
}
