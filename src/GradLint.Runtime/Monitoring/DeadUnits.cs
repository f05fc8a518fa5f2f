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
        var windows = new Dictionary<string, (UnitWindow Window, Tensor Share)>();
        try
        {
            foreach (var input in inputs)
            {
                using var inner = NewDisposeScope();
                using var mode = enable_grad();
                using var taps = new OutputTaps(model, keepsInput: _ => false);
                model.call(input);
                using var off = no_grad();
                var unitsSecond = false;
                foreach (var tapped in taps.Outputs)
                {
                    if (layers.Contains(tapped.Path))
                        unitsSecond = LayerKinds.HasChannelsSecond(tapped.Module);
                    if (!UnitActivity.CanDie(tapped.Module))
                        continue;
                    var window = windows.TryGetValue(tapped.Path, out var known) ? known.Window : new(int.MaxValue);
                    windows[tapped.Path] = (window, window.AddActivity(UnitActivity.Largest(tapped.Output, unitsSecond)).MoveToOuterDisposeScope());
                }
            }

            var statistics = new DeviceStatistics();
            var at = windows.Select(entry => (Path: entry.Key, entry.Value.Window.Units, Index: statistics.Add(entry.Value.Share))).ToArray();
            var reading = statistics.Read();
            return [.. at.Select(layer => (layer.Path, reading.Scalar(layer.Index), layer.Units))];
        }
        finally
        {
            foreach (var (window, _) in windows.Values)
                window.Dispose();
        }
    }
}
