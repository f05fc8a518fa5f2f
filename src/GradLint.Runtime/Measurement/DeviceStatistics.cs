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
    private int _length;

    /// <summary>Adds a 0-dimensional tensor.</summary>
    public Slot Add(Tensor scalar)
    {
        _scalars.Add(scalar);
        return new(_scalars.Count - 1, IsVector: false, 1);
    }

    /// <summary>Adds a statistic of each tensor of a stack: 0-dimensional where it is one tensor.</summary>
    public Slot Add(Tensor statistic, TensorStack stack) => stack.Count == 1 ? Add(statistic) : AddVector(statistic, stack.Count);

    /// <summary>Adds as many numbers of each tensor of a stack.</summary>
    public Slot AddUnits(Tensor numbers, TensorStack stack, int each) =>
        AddVector(stack.Count == 1 && numbers.ndim == 1 ? numbers : numbers.flatten(), stack.Count * each);

    /// <summary>Adds a 1-dimensional tensor of the given length.</summary>
    public Slot AddVector(Tensor vector, int length)
    {
        _vectors.Add(vector);
        _length += length;
        return new(_length - length, IsVector: true, length);
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
        return new(data.ToArray(), _scalars.Count);
    }

    /// <summary>Stacks all statistics into one vector that outlives the dispose scope, to be read later with others.</summary>
    public Deferred Defer() => new(Stack().DetachFromDisposeScope(), _scalars.Count, _length);

    // A model may be spread over several devices.
    private static Tensor Gather(Tensor part, Device? device)
    {
        if (device is null)
            return part;
        var home = part.device;
        return home.type == device.type && home.index == device.index ? part : part.to(device);
    }

    /// <summary>Where a statistic will be among those read.</summary>
    public readonly record struct Slot(int Index, bool IsVector, int Length);

    /// <summary>The statistics on the host.</summary>
    public sealed class Reading(ReadOnlyMemory<float> values, int scalars)
    {
        /// <summary>A scalar, or an element of a vector.</summary>
        public double Value(Slot slot, int element = 0) => Vector(slot)[element];

        public ReadOnlySpan<float> Vector(Slot slot) => Memory(slot).Span;

        /// <summary>What was added of one tensor by <see cref="AddUnits"/>.</summary>
        public ReadOnlySpan<float> Units(Slot slot, int member, int each) => Vector(slot).Slice(member * each, each);

        internal ReadOnlyMemory<float> Memory(Slot slot) => values.Slice((slot.IsVector ? scalars : 0) + slot.Index, slot.Length);
    }

    /// <summary>Statistics that wait on the device.</summary>
    public sealed class Deferred(Tensor stacked, int scalars, int length) : IDisposable
    {
        private Slot _slot;

        /// <summary>Adds them to others.</summary>
        public void AddTo(DeviceStatistics statistics) => _slot = statistics.AddVector(stacked, scalars + length);

        /// <summary>Their part of what was read.</summary>
        public Reading Of(Reading reading) => new(reading.Memory(_slot), scalars);

        public void Dispose() => stacked.Dispose();
    }
}
