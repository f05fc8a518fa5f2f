using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7006: a matrix that a step changes by less than a hundred-thousandth.</summary>
public sealed class FrozenUpdatesRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.FrozenUpdates,
        "Weights stand still",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["a learning rate too low", "a vanished gradient", "weights too large for their gradient"],
        "Raise the learning rate, or mend the gradient flow where only some layers stand still; about 1e-3 a step is healthy.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.Window;
        if (window.Count == 0)
            yield break;

        var limit = run.Thresholds.MinUpdateRatio;
        var frozen = run.Matrices
            .Where(matrix => window.All(sample => sample.Parameters[matrix].UpdateRatio < limit && sample.Parameters[matrix].Gradient is not null))
            .ToArray();
        if (frozen.Length == 0)
            yield break;

        // The first, not the worst, which changes from sample to sample.
        var first = frozen[0];
        var ratio = run.Latest.Parameters[first].UpdateRatio;
        yield return Found(
            run, run.Info.Parameters[first].Layer, ratio, limit,
            $"a step changes '{run.Info.Parameters[first].Path}' by {ratio:0.##e+0} of its norm (limit {limit:0e+0}); {frozen.Length} of {run.Matrices.Count} matrices stand still.");
    }
}
