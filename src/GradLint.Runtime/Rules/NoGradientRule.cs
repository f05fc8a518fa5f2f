using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7008: a trainable parameter that the backward pass does not reach, or reaches with exactly zero.</summary>
public sealed class NoGradientRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.NoGradient,
        "No gradient",
        FindingSeverity.Warning,
        SoftenedByLearning: false,
        ["the graph is cut (detach, item, data, no_grad)", "the layer is not used in forward", "a product with zero, or units that are all dead"],
        "Connect the layer to the loss, remove it, or freeze it with requires_grad = false.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.Window;
        if (window.Count == 0)
            yield break;

        var silent = Enumerable.Range(0, run.Info.Parameters.Count)
            .Where(i => run.Info.Parameters[i].IsTrainable && window.All(sample => IsSilent(run.Info.Parameters[i], sample.Parameters[i])))
            .GroupBy(i => run.Info.Parameters[i].Layer);
        foreach (var layer in silent)
        {
            var parameter = run.Info.Parameters[layer.First()];
            var kind = run.Latest.Parameters[layer.First()].Gradient is null ? "no gradient" : "a gradient of exactly zero";
            yield return Found(
                run, parameter.Layer, 0, null,
                $"'{parameter.Path}' got {kind} in each of the last {window.Count} samples.");
        }
    }

    // A bias in front of a normalisation layer has a gradient of zero by construction.
    private static bool IsSilent(ParameterInfo parameter, ParameterSample sample) =>
        sample.Gradient is null || (parameter.IsMatrix && sample.GradientMax == 0);
}
