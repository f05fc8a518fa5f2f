using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Monitoring;

/// <summary>Samples spread evenly over a run of any length, in bounded memory: when full, every second one is dropped.</summary>
internal sealed class SampleHistory
{
    private const int Capacity = 512;

    private readonly List<Sample> _samples = [];
    private Sample? _latest;
    private long _stride = 1;
    private long _seen;

    /// <summary>Oldest first; the latest is always there.</summary>
    public IReadOnlyList<Sample> Samples =>
        _latest is null || (_samples.Count > 0 && _samples[^1] == _latest) ? [.. _samples] : [.. _samples, _latest];

    public void Add(Sample sample)
    {
        _latest = sample;
        if (_seen++ % _stride != 0)
            return;
        _samples.Add(sample);
        if (_samples.Count < Capacity)
            return;
        for (var i = _samples.Count - 1; i > 0; i -= 2)
            _samples.RemoveAt(i);
        _stride *= 2;
    }

    public void Clear()
    {
        _samples.Clear();
        _latest = null;
        (_stride, _seen) = (1, 0);
    }
}
