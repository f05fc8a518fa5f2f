using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>The outputs of a model's modules, the gradients there, and what they say of units.</summary>
internal sealed class ModuleStatistics
{
    private readonly MeasurementPlan _plan;
    private readonly DeviceStatistics _statistics;
    private readonly List<(TappedOutput Tapped, Tensor Gradient, UnitActivity Activity)> _passed = [];
    private readonly List<Func<DeviceStatistics.Reading, HorizonSample>> _horizons = [];
    private readonly Func<DeviceStatistics.Reading, ModuleSample>[] _modules;

    /// <summary>Adds them to statistics. What is made on the way belongs to the dispose scope around it.</summary>
    public ModuleStatistics(OutputTaps taps, IReadOnlyList<LiveParameter> parameters, MeasurementPlan plan, DeviceStatistics statistics)
    {
        (_plan, _statistics) = (plan, statistics);
        var layers = parameters.Where(parameter => parameter.IsMatrix).Select(parameter => parameter.Layer).ToHashSet();
        var unitsSecond = false;
        foreach (var tapped in taps.Outputs)
        {
            var gradient = tapped.Output.grad;
            if (plan.Horizons && tapped.Input is not null && LayerKinds.IsRecurrent(tapped.Module)
                && HorizonMeasurement.Measure(tapped.Module, tapped.Path, tapped.Input, gradient, statistics) is { } horizon)
            {
                _horizons.Add(horizon);
            }

            // A pass that was not part of this backward: an evaluation, or another loss's.
            if (gradient is null)
                continue;

            if (layers.Contains(tapped.Path))
            {
                LastLayer = tapped.Path;
                unitsSecond = LayerKinds.HasChannelsSecond(tapped.Module);
            }

            _passed.Add((tapped, gradient, UnitActivity.Of(tapped.Module, unitsSecond)));
        }

        _modules = new Func<DeviceStatistics.Reading, ModuleSample>[_passed.Count];
        foreach (var group in TensorGroups.Of([.. _passed.Select(pass => pass.Tapped.Output)], i => _passed[i].Activity))
            Measure(group);
    }

    /// <summary>The path of the last layer with a matrix that the gradient passed.</summary>
    public string? LastLayer { get; }

    /// <summary>In the order of computation. To be read once, because windows go on by it.</summary>
    public IReadOnlyList<ModuleSample> Read(DeviceStatistics.Reading reading) => [.. _modules.Select(read => read(reading))];

    public IReadOnlyList<HorizonSample> ReadHorizons(DeviceStatistics.Reading reading) => [.. _horizons.Select(read => read(reading))];

    private void Measure(int[] group)
    {
        var outputs = TensorStack.Of(Array.ConvertAll(group, i => _passed[i].Tapped.Output));
        var gradients = TensorStack.Of(Array.ConvertAll(group, i => _passed[i].Gradient));
        var sum = _statistics.Add(outputs.Sum(), outputs);
        // Not std(): on the CPU it reads a value on the way. The root of the sum of squares tells the same with fewer operations.
        var root = _statistics.Add(outputs.L2(), outputs);
        var gradient = _statistics.Add(gradients.L2(), gradients);
        var count = outputs.Values.numel() / group.Length;
        var units = AddUnits(_passed[group[0]].Activity, outputs);
        for (var i = 0; i < group.Length; i++)
        {
            var member = i;
            var (path, type) = (_passed[group[i]].Tapped.Path, _passed[group[i]].Tapped.Module.GetType().Name);
            _modules[group[i]] = reading =>
            {
                var mean = reading.Value(sum, member) / count;
                var variance = (reading.Value(root, member) * reading.Value(root, member) / count) - (mean * mean);
                return units(reading, member, new()
                {
                    Path = path,
                    Type = type,
                    Mean = mean,
                    Deviation = double.IsNaN(variance) ? variance : Math.Sqrt(Math.Max(0, variance)),
                    Gradient = reading.Value(gradient, member),
                });
            };
        }
    }

    /// <summary>Adds what the outputs say of units.</summary>
    /// <returns>Completes the sample of one of them.</returns>
    private Func<DeviceStatistics.Reading, int, ModuleSample, ModuleSample> AddUnits(UnitActivity activity, TensorStack outputs)
    {
        if (!activity.CanDie && !activity.CanSaturate)
            return (_, _, sample) => sample;

        var each = activity.Units(outputs);
        var slot = _statistics.AddUnits(activity.Observe(outputs), outputs, each);
        return (reading, member, sample) =>
        {
            var window = activity.CanDie ? _plan.Windows.Activity : _plan.Windows.Saturation;
            var units = window.Add(sample.Path, reading.Units(slot, member, each));
            sample = sample with { Window = units.Samples, Units = units.Units };
            return activity.CanDie ? sample with { DeadUnits = units.Share } : sample with { SaturatedUnits = units.Share };
        };
    }
}
