using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7011: the loss diverges or swings.</summary>
public sealed class UnstableLossRule : RuntimeRule
{
    private const int Samples = 5;

    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.UnstableLoss,
        "Loss diverges or swings",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["a learning rate too high", "gradients that are never cleared", "momentum too high"],
        "Lower the learning rate, clip the gradient, and clear the gradients in every step.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var losses = run.Samples.Select(sample => sample.Loss).OfType<LossInterval>().ToArray();
        if (losses.Length < Samples || run.Window.Count == 0 || run.Loss is not { Best: { } best, Initial: { } initial })
            yield break;

        var recent = losses.TakeLast(Samples).ToArray();
        // Below a tenth of where it began a loss is small, and multiples of it mean little.
        var limit = run.Thresholds.DivergenceFactor * Math.Max(best, 0.1 * Math.Abs(initial));
        if (recent.All(loss => loss.Mean > limit) && recent[^1].Mean > initial * 1.05)
        {
            yield return Found(
                run, "", recent[^1].Mean, limit,
                $"the mean loss is {recent[^1].Mean:G3}, more than {run.Thresholds.DivergenceFactor}× its best ({best:G3}), for {Samples} samples.");
        }
        else if (recent.All(loss => loss.Steps > 3 && loss.Deviation > Math.Abs(loss.Mean)))
        {
            yield return Found(
                run, "", recent[^1].Deviation, Math.Abs(recent[^1].Mean),
                $"the loss swings by ±{recent[^1].Deviation:G3} around a mean of {recent[^1].Mean:G3}.");
        }
    }
}
