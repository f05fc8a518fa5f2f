using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7015: what the monitor could not observe, and why.</summary>
public sealed class BlindSpotRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.BlindSpot,
        "Not observed",
        FindingSeverity.Info,
        SoftenedByLearning: false,
        ["forward(x) runs no hooks", "native modules run their parts without hooks", "a stack of recurrent layers on a GPU", "frozen parameters have no gradient"],
        "Call modules with call(x) so that hooks run; what parameters tell is measured either way.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.Window;
        if (window.Count == 0)
            yield break;

        if (window.All(sample => sample.Modules.Count == 0))
            yield return Found(run, "", null, null, $"no module's output was seen: forward() bypasses hooks, or the layers are functions. Dead and saturated units are judged by weight gradients alone.");

        if (run.Info.OpaqueModules.Count > 0)
            yield return Found(run, run.Info.OpaqueModules[0], run.Info.OpaqueModules.Count, null, $"the inside of {run.Info.OpaqueModules.Count} modules cannot be seen ('{run.Info.OpaqueModules[0]}' first): only their parameters are.");

        foreach (var path in run.Info.UnmeasuredHorizons)
            yield return Found(run, path, null, null, $"the memory horizon of '{path}' is not measured: on a GPU a stack of recurrent layers would draw random numbers. Its recurrent matrices are.");

        var frozen = run.Info.Parameters.Count(parameter => !parameter.IsTrainable);
        if (frozen > 0)
            yield return Found(run, run.Info.Parameters.First(parameter => !parameter.IsTrainable).Path, frozen, null, $"{frozen} of {run.Info.Parameters.Count} parameters are frozen and have no gradient.");
    }
}
