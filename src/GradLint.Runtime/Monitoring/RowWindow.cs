using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>
/// Remembers on the device, over a window of samples, which rows of all weight matrices together got a gradient: one vector
/// for the whole model, so that it costs a few operations and not a few for each layer.
/// </summary>
/// <param name="length">Samples in a window; the next one begins anew.</param>
internal sealed class RowWindow(int length) : IDisposable
{
    private Tensor? _state;
    private Tensor? _ends;
    private long[] _sizes = [];

    /// <summary>How many samples are in the window, the latest included.</summary>
    public int Samples { get; private set; }

    /// <summary>Adds a sample to the window, and what it says to the statistics.</summary>
    /// <param name="largest">Of each matrix, the largest gradient magnitude of each row.</param>
    /// <returns>Tells, once read, the share of a matrix's rows that got no gradient throughout the window.</returns>
    public Func<DeviceStatistics.Reading, int, double> Add(IReadOnlyList<Tensor> largest, DeviceStatistics statistics)
    {
        var sizes = largest.Select(rows => rows.numel()).ToArray();
        var all = largest.Count == 1 ? largest[0] : cat([.. largest]);
        if (_state is null || Samples >= length || !sizes.AsSpan().SequenceEqual(_sizes))
            Begin(all, sizes);
        else
            _state.copy_(maximum(_state, all));

        Samples++;
        // Running totals at the matrices' ends; their differences are the matrices' counts.
        var totals = _state!.le(0).to(ScalarType.Float32).cumsum(0L).index_select(0, _ends!);
        var at = statistics.AddVector(totals, sizes.Length);
        return (reading, matrix) =>
        {
            var counts = reading.Vector(at);
            return (counts[matrix] - (matrix == 0 ? 0 : counts[matrix - 1])) / sizes[matrix];
        };
    }

    public void Dispose()
    {
        _state?.Dispose();
        _ends?.Dispose();
    }

    private void Begin(Tensor rows, long[] sizes)
    {
        if (_ends is null || !sizes.AsSpan().SequenceEqual(_sizes))
        {
            _ends?.Dispose();
            var total = -1L;
            _ends = tensor([.. sizes.Select(size => total += size)], device: rows.device).DetachFromDisposeScope();
            _sizes = sizes;
        }

        _state?.Dispose();
        _state = rows.clone().DetachFromDisposeScope();
        Samples = 0;
    }
}
