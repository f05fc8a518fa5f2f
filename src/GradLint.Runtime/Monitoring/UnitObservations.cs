using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>What the outputs of one sampled step say of the units that can die or saturate, gathered over all layers.</summary>
internal sealed class UnitObservations
{
    private readonly List<(string Path, Tensor Units)> _activity = [];
    private readonly List<(string Path, Tensor Units)> _saturation = [];
    private Func<DeviceStatistics.Reading, int, UnitShare>? _dead;
    private Func<DeviceStatistics.Reading, int, UnitShare>? _saturated;

    /// <summary>Takes note of a layer's output.</summary>
    /// <param name="output">In float32.</param>
    /// <param name="unitsSecond">As in <see cref="UnitActivity.Largest"/>.</param>
    /// <param name="home">Brings a vector to the device where all are put together.</param>
    /// <returns>Completes the layer's sample once everything has been read.</returns>
    public Func<DeviceStatistics.Reading, ModuleSample, ModuleSample> Observe(TappedOutput tapped, Tensor output, bool unitsSecond, Func<Tensor, Tensor> home)
    {
        if (UnitActivity.CanDie(tapped.Module))
        {
            var layer = _activity.Count;
            _activity.Add((tapped.Path, home(UnitActivity.Largest(output, unitsSecond))));
            return (reading, sample) =>
            {
                var units = _dead!(reading, layer);
                return sample with { DeadUnits = units.Share, Window = units.Samples, Units = units.Units };
            };
        }

        if (UnitActivity.CanSaturate(tapped.Module))
        {
            var layer = _saturation.Count;
            _saturation.Add((tapped.Path, home(UnitActivity.SaturatedShare(tapped.Module, output, unitsSecond))));
            return (reading, sample) =>
            {
                var units = _saturated!(reading, layer);
                return sample with { SaturatedUnits = units.Share, Window = units.Samples, Units = units.Units };
            };
        }

        return (_, sample) => sample;
    }

    /// <summary>Adds everything noted to the windows, and what they say to the statistics.</summary>
    public void Collect(UnitWindows windows, DeviceStatistics statistics)
    {
        _dead = windows.Activity.Add(_activity)(statistics);
        _saturated = windows.Saturation.Add(_saturation)(statistics);
    }
}
