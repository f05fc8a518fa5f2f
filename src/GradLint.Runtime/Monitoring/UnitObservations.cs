using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>What the outputs of one sampled step say of the units that can die or saturate, gathered over all layers.</summary>
internal sealed class UnitObservations
{
    private readonly List<ObservedUnits> _activity = [];
    private readonly List<ObservedUnits> _saturation = [];
    private Func<DeviceStatistics.Reading, int, UnitShare>? _dead;
    private Func<DeviceStatistics.Reading, int, UnitShare>? _saturated;

    /// <summary>Takes note of the outputs of layers with the same activation.</summary>
    /// <param name="paths">The layers.</param>
    /// <param name="home">Brings a tensor to the device where all are put together.</param>
    /// <returns>Completes the sample of one of the layers once everything has been read.</returns>
    public Func<DeviceStatistics.Reading, int, ModuleSample, ModuleSample> Observe(
        UnitActivity activity, IReadOnlyList<string> paths, TensorStack outputs, Func<Tensor, Tensor> home)
    {
        if (activity.CanDie)
        {
            var first = Note(_activity, paths, home(activity.Largest(outputs)));
            return (reading, layer, sample) =>
            {
                var units = _dead!(reading, first + layer);
                return sample with { DeadUnits = units.Share, Window = units.Samples, Units = units.Units };
            };
        }

        if (activity.CanSaturate)
        {
            var first = Note(_saturation, paths, home(activity.SaturatedShare(outputs)));
            return (reading, layer, sample) =>
            {
                var units = _saturated!(reading, first + layer);
                return sample with { SaturatedUnits = units.Share, Window = units.Samples, Units = units.Units };
            };
        }

        return (_, _, sample) => sample;
    }

    /// <summary>Adds everything noted to the windows, and what they say to the statistics.</summary>
    public void Collect(UnitWindows windows, DeviceStatistics statistics)
    {
        _dead = windows.Activity.Add(_activity)(statistics);
        _saturated = windows.Saturation.Add(_saturation)(statistics);
    }

    /// <returns>How many layers were noted before.</returns>
    private static int Note(List<ObservedUnits> observed, IReadOnlyList<string> paths, Tensor units)
    {
        var before = observed.Sum(layers => layers.Paths.Count);
        observed.Add(new(paths, units));
        return before;
    }
}
