using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>
/// The losses between two samples, summed on the device: two small operations a step and no host copy. A NaN or infinity
/// stays in the sum until it is read, so the sum is a latch as well.
/// </summary>
internal sealed class LossAccumulator : IDisposable
{
    private Tensor? _sum;
    private Tensor? _squares;
    private Tensor? _last;
    private long _steps;

    /// <summary>Adds a step's loss, a tensor of one element. Gradient mode must be off.</summary>
    public void Add(Tensor loss)
    {
        if (loss.ndim > 0 || loss.dtype != ScalarType.Float32)
        {
            using var scalar = loss.reshape([]);
            using var single = scalar.to(ScalarType.Float32);
            Add(single);
            return;
        }

        _sum ??= Zero(loss);
        _squares ??= Zero(loss);
        _sum.add_(loss);
        _squares.addcmul_(loss, loss, 1);
        _steps++;
    }

    /// <summary>Keeps a sampled step's own loss beside the sums.</summary>
    public void Keep(Tensor loss)
    {
        using var scalar = loss.reshape([]);
        _last ??= Zero(loss);
        _last.copy_(scalar);
    }

    /// <summary>Hands the sums to a sample.</summary>
    /// <returns>What makes the interval of them once they have been read; null without losses.</returns>
    public Func<DeviceStatistics.Reading, LossInterval>? Collect(DeviceStatistics statistics)
    {
        if (_steps == 0 || _last is null)
            return null;

        var steps = _steps;
        var (sumAt, squaresAt, lastAt) = (statistics.Add(_sum!), statistics.Add(_squares!), statistics.Add(_last));
        return reading =>
        {
            var mean = reading.Value(sumAt) / steps;
            var variance = Math.Max(0, (reading.Value(squaresAt) / steps) - (mean * mean));
            return new(steps, mean, Math.Sqrt(variance), reading.Value(lastAt));
        };
    }

    /// <summary>Begins the next interval.</summary>
    public void Reset()
    {
        _sum?.zero_();
        _squares?.zero_();
        _steps = 0;
    }

    public void Dispose()
    {
        _sum?.Dispose();
        _squares?.Dispose();
        _last?.Dispose();
    }

    private static Tensor Zero(Tensor like) => zeros([], ScalarType.Float32, like.device).DetachFromDisposeScope();
}
