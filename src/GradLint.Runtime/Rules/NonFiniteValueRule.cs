using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7003: a NaN or infinity, and the first place that has one.</summary>
public sealed class NonFiniteValueRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.NonFiniteValue,
        "NaN or infinity",
        FindingSeverity.Warning,
        SoftenedByLearning: false,
        ["a learning rate too high", "log, division or square root of zero", "overflow of half precision", "non-finite input data"],
        "Clip gradients or lower the learning rate; guard log, sqrt and division with an epsilon; check the input.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        // What follows upon the first one says nothing new.
        var isFirst = run.Samples.Count < 2 || First(run.Info, run.Samples[^2]) is null;
        if (isFirst && First(run.Info, run.Latest) is var (path, text))
            yield return Found(run, path, null, null, $"{text}.");
    }

    /// <summary>The first place of a sample with a non-finite value, in the order in which a step computes them.</summary>
    private static (string Path, string Text)? First(RunInfo info, Sample sample)
    {
        for (var i = 0; i < info.Parameters.Count; i++)
        {
            if (!double.IsFinite(sample.Parameters[i].Weight))
                return (info.Parameters[i].Path, $"the weights of '{info.Parameters[i].Path}' were not finite before the step: an earlier update broke them");
        }

        if (sample.Modules.FirstOrDefault(module => !double.IsFinite(module.Mean)) is { } forward)
            return (forward.Path, $"the output of '{forward.Path}' ({forward.Type}) is the first one that is not finite (forward pass)");
        if (sample.Loss is { } loss && !double.IsFinite(loss.Last))
            return ("", "the loss is not finite although every observed output is");
        if (sample.Modules.LastOrDefault(module => !double.IsFinite(module.Gradient)) is { } backward)
            return (backward.Path, $"the gradient at the output of '{backward.Path}' ({backward.Type}) is the first one that is not finite (backward pass)");

        for (var i = info.Parameters.Count - 1; i >= 0; i--)
        {
            if (sample.Parameters[i].Gradient is { } gradient && !double.IsFinite(gradient))
                return (info.Parameters[i].Path, $"the gradient of '{info.Parameters[i].Path}' is not finite (backward pass)");
        }

        if (sample.Clipping is { NonFinite: > 0 } clipping)
            return ("", $"the total gradient norm was not finite in {clipping.NonFinite} of the last {clipping.Steps} steps");
        return sample.Loss is { } interval && !double.IsFinite(interval.Mean)
            ? ("", $"one of the last {interval.Steps} losses was not finite")
            : null;
    }
}
