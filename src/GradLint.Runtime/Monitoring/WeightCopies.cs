using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>The weights as they were before a step, to measure what it changes.</summary>
/// <param name="kept">
/// Whether the memory for large weights is kept from sample to sample. Where every few steps are sampled, getting it from the
/// system again each time costs more than all else; where few are, a second copy of the model would lie idle.
/// </param>
internal sealed class WeightCopies(bool kept) : IDisposable
{
    private readonly List<(IReadOnlyList<Tensor> Weights, Tensor Copy)> _copies = [];
    private readonly Dictionary<Tensor, Tensor> _kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>Copies weights.</summary>
    /// <param name="weights">Of one shape.</param>
    /// <param name="stack">They as they are now; its memory is taken over where it has some of its own.</param>
    public void Take(IReadOnlyList<Tensor> weights, TensorStack stack) =>
        _copies.Add((weights, stack.IsCopy ? stack.Values.DetachFromDisposeScope() : Copy(weights[0], stack.Values)));

    /// <summary>Adds ‖Δw‖ of all weights to the statistics; the copies are used up by it.</summary>
    /// <returns>Where the norms will be, by call of <see cref="Take"/>.</returns>
    public IReadOnlyList<DeviceStatistics.Slot> Collect(DeviceStatistics statistics) =>
    [
        .. _copies.Select(group =>
        {
            var now = TensorStack.Of(group.Weights);
            return statistics.Add(now.With(group.Copy.sub_(now.Values)).L2(), now);
        }),
    ];

    /// <summary>The step is over.</summary>
    public void EndStep()
    {
        foreach (var (weights, copy) in _copies)
        {
            if (!IsKept(weights[0], copy))
                copy.Dispose();
        }

        _copies.Clear();
    }

    public void Dispose()
    {
        EndStep();
        foreach (var copy in _kept.Values)
            copy.Dispose();
        _kept.Clear();
    }

    private bool IsKept(Tensor weight, Tensor copy) => _kept.TryGetValue(weight, out var known) && ReferenceEquals(known, copy);

    private Tensor Copy(Tensor weight, Tensor values)
    {
        if (_kept.TryGetValue(weight, out var copy) && IsLike(copy, values))
            return copy.copy_(values);

        // A model that moved to another device has another tensor behind the same parameter.
        copy?.Dispose();
        copy = values.clone().DetachFromDisposeScope();
        if (kept)
            _kept[weight] = copy;
        return copy;
    }

    private static bool IsLike(Tensor copy, Tensor values) =>
        copy.device_type == values.device_type && copy.device_index == values.device_index && copy.shape.AsSpan().SequenceEqual(values.shape);
}
