using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7007: a matrix that each step rewrites rather than adjusts.</summary>
public sealed class UnstableUpdatesRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.UnstableUpdates,
        "Updates too large",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["a learning rate too high", "an exploding gradient", "weights too small for their gradient"],
        "Lower the learning rate, clip the gradient, or warm the learning rate up; about 1e-3 a step is healthy.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.WindowBeforeBreak;
        if (window.Count == 0)
            yield break;

        var limit = run.Thresholds.MaxUpdateRatio;
        var unstable = run.Matrices
            .Where(matrix => window.All(sample => sample.Parameters[matrix].UpdateRatio > limit))
            .ToArray();
        if (unstable.Length == 0)
            yield break;

        var last = window[^1];
        var worst = unstable.MaxBy(matrix => last.Parameters[matrix].UpdateRatio);
        var ratio = last.Parameters[worst].UpdateRatio;
        yield return Found(
            run, run.Info.Parameters[worst].Layer, ratio, limit,
            $"a step changes '{run.Info.Parameters[worst].Path}' by {ratio:G3} of its norm (limit {limit:G2}); {unstable.Length} of {run.Matrices.Count} matrices change that much{(run.Latest.IsFinite ? "" : ", and then the run became NaN or infinite")}.");
    }
}
