using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>The norms of a model's parameters, and of what a step changes in the trainable matrices among them.</summary>
internal sealed class WeightStatistics
{
    private readonly IReadOnlyList<LiveParameter> _parameters;
    private readonly WeightCopies? _copies;
    private readonly (DeviceStatistics.Slot Norms, int Member)[] _norms;
    private readonly List<int[]> _copied = [];

    /// <summary>Adds the norms before the step to statistics, and takes the copies.</summary>
    public WeightStatistics(IReadOnlyList<LiveParameter> parameters, MeasurementPlan plan, DeviceStatistics statistics)
    {
        (_parameters, _copies) = (parameters, plan.Weights);
        // A sample that failed may have left some.
        _copies?.EndStep();
        _norms = new (DeviceStatistics.Slot, int)[parameters.Count];
        foreach (var members in plan.Groups.Groups)
        {
            var weights = Array.ConvertAll(members, i => (Tensor)parameters[i].Tensor);
            var stack = TensorStack.Of(weights);
            if (_copies is not null && parameters[members[0]].IsMatrix && weights[0].requires_grad)
            {
                _copies.Take(weights, stack);
                _copied.Add(members);
            }

            var norms = statistics.Add(stack.L2(), stack);
            for (var member = 0; member < members.Length; member++)
                _norms[members[member]] = (norms, member);
        }
    }

    /// <summary>The norm before the step.</summary>
    public double Norm(int parameter, DeviceStatistics.Reading reading) => reading.Value(_norms[parameter].Norms, _norms[parameter].Member);

    /// <summary>Adds the norms of the changes to statistics.</summary>
    /// <returns>By parameter, once they have been read: null where it was not measured.</returns>
    public Func<DeviceStatistics.Reading, double?[]> CollectUpdates(DeviceStatistics statistics)
    {
        var slots = _copies?.Collect(statistics) ?? [];
        return reading =>
        {
            var updates = new double?[_parameters.Count];
            for (var group = 0; group < slots.Count; group++)
            {
                for (var member = 0; member < _copied[group].Length; member++)
                    updates[_copied[group][member]] = reading.Value(slots[group], member);
            }

            return updates;
        };
    }
}
