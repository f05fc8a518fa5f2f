using GradLint.Runtime.Recording;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>Compares what a model has with what an optimizer steps.</summary>
internal static class Optimizers
{
    public static OptimizerCoverage Compare(IReadOnlyList<LiveParameter> model, optim.Optimizer optimizer)
    {
        var groups = 0;
        var times = new Dictionary<nint, int>();
        var held = 0;
        foreach (var group in optimizer.ParamGroups.OfType<ParamGroup>())
        {
            groups++;
            foreach (var parameter in group.Parameters)
            {
                held++;
                times[parameter.Handle] = times.GetValueOrDefault(parameter.Handle) + 1;
            }
        }

        var paths = model.ToDictionary(parameter => parameter.Tensor.Handle, parameter => parameter.Path);
        return new(
            groups,
            held,
            [.. model.Where(parameter => parameter.Tensor.requires_grad && !times.ContainsKey(parameter.Tensor.Handle)).Select(parameter => parameter.Path)],
            [.. times.Where(entry => entry.Value > 1 && paths.ContainsKey(entry.Key)).Select(entry => paths[entry.Key])],
            times.Where(entry => !paths.ContainsKey(entry.Key)).Sum(entry => entry.Value));
    }
}
