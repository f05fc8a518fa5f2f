using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7013: gradient clipping that engages almost always, or never where it should.</summary>
public sealed class ClippingVerdictRule : RuntimeRule
{
    private readonly ExplodingGradientRule _exploding = new();

    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.ClippingVerdict,
        "Clipping verdict",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["a limit far below the usual gradient norm", "a limit far above it"],
        "Set the limit near the upper end of the norms that healthy steps have; the report lists them.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.Window;
        if (window.Count == 0 || window.Any(sample => sample.Clipping is null))
            yield break;

        var steps = window.Sum(sample => sample.Clipping!.Steps);
        var engaged = window.Sum(sample => sample.Clipping!.Engaged);
        if (steps == 0)
            yield break;

        var share = (double)engaged / steps;
        var norm = window[^1].Clipping!.MeanNorm;
        var limit = window[^1].Clipping!.Limit;
        if (share > run.Thresholds.MaxClippedShare)
        {
            // Clipping most steps a little is common practice; a limit far below the norms replaces the learning rate.
            yield return Found(
                run, "", share, run.Thresholds.MaxClippedShare,
                $"clipping at {limit:G3} engaged in {share:P0} of {steps} steps (mean norm {norm:G3}): it limits the step size rather than outliers.",
                norm > 10 * limit ? FindingSeverity.Warning : FindingSeverity.Info);
        }
        else if (engaged == 0 && _exploding.Check(run).Any())
        {
            yield return Found(
                run, "", share, null,
                $"the gradient explodes, and clipping at {limit:G3} engaged in none of {steps} steps (mean norm {norm:G3}).");
        }
    }
}
