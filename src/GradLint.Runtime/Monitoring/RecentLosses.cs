using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>The losses of the last steps, sampled or not, where they were computed: a handle a step and no host copy.</summary>
internal sealed class RecentLosses : IDisposable
{
    /// <summary>As many as lie between two samples of the default interval, and some.</summary>
    private const int Capacity = 128;

    private readonly Queue<(long Step, Tensor Loss)> _losses = new();

    public void Add(long step, Tensor loss)
    {
        if (_losses.Count == Capacity)
            _losses.Dequeue().Loss.Dispose();
        _losses.Enqueue((step, loss.detach().DetachFromDisposeScope()));
    }

    /// <summary>Adds them to statistics.</summary>
    /// <returns>Reads them, oldest first.</returns>
    public Func<DeviceStatistics.Reading, IReadOnlyList<StepLoss>> Collect(DeviceStatistics statistics)
    {
        if (_losses.Count == 0)
            return _ => [];
        var steps = _losses.Select(entry => entry.Step).ToArray();
        var slot = statistics.AddVector(stack([.. _losses.Select(entry => entry.Loss.reshape([]))]).to(ScalarType.Float32), steps.Length);
        return reading => [.. steps.Zip(reading.Vector(slot).ToArray(), (step, loss) => new StepLoss(step, loss))];
    }

    public void Dispose()
    {
        foreach (var (_, loss) in _losses)
            loss.Dispose();
        _losses.Clear();
    }
}
