using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>Counts the units of ReLU layers that a set of inputs never makes active.</summary>
internal static class DeadUnits
{
    public static IReadOnlyList<(string Path, double Share, long Units)> Count(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        var parameters = LiveParameter.Of(model);
        var layers = parameters.Where(parameter => parameter.IsMatrix).Select(parameter => parameter.Layer).ToHashSet();
        using var window = new UnitWindow(int.MaxValue);
        UnitWindow.Shares? shares = null;
        var paths = new List<string>();
        foreach (var input in inputs)
        {
            using var inner = NewDisposeScope();
            using var mode = enable_grad();
            using var taps = new OutputTaps(model, keepsInput: _ => false);
            model.call(input);
            using var off = no_grad();
            var observed = new List<ObservedUnits>();
            var unitsSecond = false;
            foreach (var tapped in taps.Outputs)
            {
                if (layers.Contains(tapped.Path))
                    unitsSecond = LayerKinds.HasChannelsSecond(tapped.Module);
                if (UnitActivity.Of(tapped.Module, unitsSecond) is { CanDie: true } activity)
                    observed.Add(new([tapped.Path], activity.Largest(TensorStack.Of([tapped.Output]))));
            }

            paths = [.. observed.SelectMany(layer => layer.Paths)];
            shares = window.Add(observed);
        }

        var statistics = new DeviceStatistics();
        var share = shares?.Invoke(statistics);
        var reading = statistics.Read();
        return [.. paths.Select((path, layer) => (path, share!(reading, layer).Share, share(reading, layer).Units))];
    }
}
