using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>The weights as they were before a step, to measure what it changes.</summary>
/// <param name="kept">
/// Whether the memory is kept from sample to sample. Where every few steps are sampled, getting it from the system again each
/// time costs more than all else; where few are, a second copy of the model would lie idle.
/// </param>
internal sealed class WeightCopies(bool kept) : IDisposable
{
    private readonly List<(Tensor Weight, Tensor Copy)> _copies = [];

    /// <summary>Copies the trainable matrices.</summary>
    public void Take(IReadOnlyList<LiveParameter> parameters)
    {
        using var mode = no_grad();
        var weights = parameters.Where(HasCopy).Select(parameter => (Tensor)parameter.Tensor).ToArray();
        if (IsOf(weights))
        {
            foreach (var (weight, copy) in _copies)
                copy.copy_(weight);
            return;
        }

        Release();
        _copies.AddRange(weights.Select(weight => (weight, weight.detach().clone().DetachFromDisposeScope())));
    }

    /// <summary>Adds ‖Δw‖ of each matrix to the statistics; the copies are used up by it.</summary>
    /// <returns>By the parameter's index, where its norm will be.</returns>
    public IReadOnlyDictionary<int, int> Collect(IReadOnlyList<LiveParameter> parameters, DeviceStatistics statistics)
    {
        var at = new Dictionary<int, int>();
        var copy = 0;
        for (var i = 0; i < parameters.Count && copy < _copies.Count; i++)
        {
            if (ReferenceEquals(parameters[i].Tensor, _copies[copy].Weight))
                at[i] = statistics.Add(Norms.L2(_copies[copy++].Copy.sub_(parameters[i].Tensor)));
        }

        return at;
    }

    /// <summary>The step is over.</summary>
    public void EndStep()
    {
        if (!kept)
            Release();
    }

    public void Dispose() => Release();

    private static bool HasCopy(LiveParameter parameter) => parameter.IsMatrix && parameter.Tensor.requires_grad;

    // A model that moved to another device or precision has other tensors behind the same parameters.
    private bool IsOf(Tensor[] weights) =>
        _copies.Count == weights.Length
        && _copies.Zip(weights).All(pair => ReferenceEquals(pair.First.Weight, pair.Second)
            && pair.First.Copy.dtype == pair.Second.dtype && pair.First.Copy.device_type == pair.Second.device_type
            && pair.First.Copy.device_index == pair.Second.device_index && pair.First.Copy.shape.AsSpan().SequenceEqual(pair.Second.shape));

    private void Release()
    {
        foreach (var (_, copy) in _copies)
            copy.Dispose();
        _copies.Clear();
    }
}
