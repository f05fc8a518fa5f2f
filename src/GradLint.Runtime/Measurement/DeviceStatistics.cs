using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>
/// Statistics computed on the model's device and brought to the host together, by one copy. Everything added must be a
/// tensor of float32; it stays the caller's (or its dispose scope's) to dispose of.
/// </summary>
/// <param name="isSpread">Whether they may be on more than one device: only then each is asked for its own.</param>
internal sealed class DeviceStatistics(bool isSpread = false)
{
    private readonly List<Tensor> _scalars = [];
    private readonly List<Tensor> _vectors = [];
    private readonly List<int> _lengths = [];

    /// <summary>Adds a 0-dimensional tensor.</summary>
    /// <returns>Its index for <see cref="Reading.Scalar"/>.</returns>
    public int Add(Tensor scalar)
    {
        _scalars.Add(scalar);
        return _scalars.Count - 1;
    }

    /// <summary>Adds a 1-dimensional tensor of the given length.</summary>
    /// <returns>Its index for <see cref="Reading.Vector"/>.</returns>
    public int AddVector(Tensor vector, int length)
    {
        _vectors.Add(vector);
        _lengths.Add(length);
        return _vectors.Count - 1;
    }

    /// <summary>All statistics as one vector on the device: the scalars first, then the vectors.</summary>
    public Tensor Stack()
    {
        if (_scalars.Count == 0 && _vectors.Count == 0)
            return zeros(0L, dtype: ScalarType.Float32);

        var device = isSpread ? (_scalars.Count > 0 ? _scalars[0] : _vectors[0]).device : null;
        var parts = new List<Tensor>(_vectors.Count + 1);
        if (_scalars.Count > 0)
            parts.Add(stack([.. _scalars.Select(scalar => Gather(scalar, device))]));
        parts.AddRange(_vectors.Select(vector => Gather(vector, device)));
        return parts.Count == 1 ? parts[0] : cat(parts);
    }

    /// <summary>Copies all statistics to the host: the only place of the runtime that waits for the device.</summary>
    public Reading Read()
    {
        using var scope = NewDisposeScope();
        using var stacked = Stack();
        using var host = stacked.cpu();
        using var data = host.data<float>();
        return new(data.ToArray(), _scalars.Count, _lengths);
    }

    /// <summary>Stacks all statistics into one vector that outlives the dispose scope, to be read later with others.</summary>
    public Deferred Defer() => new(Stack().DetachFromDisposeScope(), _scalars.Count, [.. _lengths]);

    // A model may be spread over several devices.
    private static Tensor Gather(Tensor part, Device? device)
    {
        if (device is null)
            return part;
        var home = part.device;
        return home.type == device.type && home.index == device.index ? part : part.to(device);
    }

    /// <summary>The statistics on the host.</summary>
    public sealed class Reading(ReadOnlyMemory<float> values, int scalars, IReadOnlyList<int> lengths)
    {
        public double Scalar(int index) => values.Span[index];

        public ReadOnlySpan<float> Vector(int index) => VectorMemory(index).Span;

        internal ReadOnlyMemory<float> VectorMemory(int index) =>
            values.Slice(scalars + lengths.Take(index).Sum(), lengths[index]);
    }

    /// <summary>Statistics that wait on the device.</summary>
    public sealed class Deferred(Tensor stacked, int scalars, IReadOnlyList<int> lengths) : IDisposable
    {
        private int _index;

        /// <summary>Adds them to others.</summary>
        public void AddTo(DeviceStatistics statistics) =>
            _index = statistics.AddVector(stacked, scalars + lengths.Sum());

        /// <summary>Their part of what was read.</summary>
        public Reading Of(Reading reading) => new(reading.VectorMemory(_index), scalars, lengths);

        public void Dispose() => stacked.Dispose();
    }
}
