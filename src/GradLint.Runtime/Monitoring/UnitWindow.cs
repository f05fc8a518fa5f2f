using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>
/// Remembers on the device, over a window of samples, which units of a layer were ever alive, or how many of each one's
/// outputs were saturated.
/// </summary>
/// <param name="length">Samples in a window; the next one begins anew.</param>
internal sealed class UnitWindow(int length) : IDisposable
{
    /// <summary>A unit is saturated when more than this share of its outputs is.</summary>
    private const double MostOutputs = 0.9;

    private Tensor? _state;

    /// <summary>How many samples are in the window, the latest included.</summary>
    public int Samples { get; private set; }

    /// <summary>Number of units.</summary>
    public long Units { get; private set; }

    /// <summary>Adds a sample.</summary>
    /// <param name="largest">Per unit: its largest output or gradient magnitude, float32; not above 0 is not alive.</param>
    /// <returns>Device scalar: the share of units that were alive in no sample of the window.</returns>
    public Tensor AddActivity(Tensor largest)
    {
        if (Begins(largest))
            _state = largest.clone().DetachFromDisposeScope();
        else
            _state!.copy_(maximum(_state, largest));
        return _state.le(0).to(ScalarType.Float32).mean();
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="share">Per unit: the share of its outputs that are saturated, float32.</param>
    /// <returns>Device scalar: the share of units that were saturated throughout the window.</returns>
    public Tensor AddSaturation(Tensor share)
    {
        if (Begins(share))
            _state = share.clone().DetachFromDisposeScope();
        else
            _state!.add_(share);
        return _state.gt(MostOutputs * Samples).to(ScalarType.Float32).mean();
    }

    public void Dispose() => _state?.Dispose();

    private bool Begins(Tensor observed)
    {
        var begins = _state is null || Samples >= length || Units != observed.numel();
        if (begins)
        {
            _state?.Dispose();
            Samples = 0;
            Units = observed.numel();
        }

        Samples++;
        return begins;
    }
}
