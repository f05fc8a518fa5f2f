using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>Counts the units of ReLU layers that a set of inputs never makes active.</summary>
internal static class DeadUnits
{
    public static IReadOnlyList<(string Path, double Share, long Units)> Count(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> inputs)
    {
        var parameters = LiveParameter.Of(model);
        var layers = parameters.Where(parameter => parameter.IsMatrix).Select(parameter => parameter.Layer).ToHashSet();
        var window = new UnitWindow(int.MaxValue);
        IReadOnlyList<(string, double, long)> dead = [];
        foreach (var input in inputs)
        {
            using var scope = NewDisposeScope();
            using var mode = enable_grad();
            using var taps = new OutputTaps(model, keepsInput: _ => false);
            model.call(input);
            using var off = no_grad();
            var statistics = new DeviceStatistics();
            var observed = new List<(string Path, DeviceStatistics.Slot Units)>();
            var unitsSecond = false;
            foreach (var tapped in taps.Outputs)
            {
                if (layers.Contains(tapped.Path))
                    unitsSecond = LayerKinds.HasChannelsSecond(tapped.Module);
                if (UnitActivity.Of(tapped.Module, unitsSecond) is not { CanDie: true } activity)
                    continue;
                var output = TensorStack.Of([tapped.Output]);
                observed.Add((tapped.Path, statistics.AddUnits(activity.Observe(output), output, activity.Units(output))));
            }

            var reading = statistics.Read();
            window.BeginSample();
            dead = [.. observed.Select(layer => (layer.Path, Units: window.Add(layer.Path, reading.Vector(layer.Units)))).Select(layer => (layer.Path, layer.Units.Share, layer.Units.Units))];
        }

        return dead;
    }
}
