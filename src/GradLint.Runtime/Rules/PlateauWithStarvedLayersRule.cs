using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7010: the loss does not move, and some layers get too little gradient to move it.</summary>
public sealed class PlateauWithStarvedLayersRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.PlateauWithStarvedLayers,
        "Loss on a plateau while layers starve",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["a gradient that vanishes on its way to the early layers", "a learning rate too low for them"],
        "Mend the gradient flow to the layer named before changing anything else.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.Window;
        if (window.Count == 0 || !run.Loss.IsFlat(window.Count, run.Thresholds.PlateauTolerance))
            yield break;

        // Ten times wider than for a fault of its own: the flat loss is the other witness.
        var limit = 10 * run.Thresholds.MinGradientRatio;
        var starved = run.Matrices.Where(matrix => window.All(sample => run.Ratio(sample, matrix) < limit)).ToArray();
        if (starved.Length > 0)
        {
            var worst = starved.MinBy(matrix => run.Ratio(run.Latest, matrix));
            yield return Flat(worst, run.Ratio(run.Latest, worst), limit, $"gets {run.Ratio(run.Latest, worst):0.0e+0} of the gradient at '{run.Latest.OutputLayer}'");
            yield break;
        }

        // Where all stand still it is the learning rate, GL7006.
        var still = run.Matrices.Where(matrix => window.All(sample => StandsStill(run, sample, matrix))).ToArray();
        if (still.Length > 0 && still.Length < run.Matrices.Count)
        {
            var worst = still.MinBy(matrix => run.Latest.Parameters[matrix].UpdateRatio);
            var ratio = run.Latest.Parameters[worst].UpdateRatio;
            yield return Flat(worst, ratio, run.Thresholds.MinUpdateRatio, $"changes by {ratio:0.0e+0} of its norm a step");
        }

        Finding Flat(int matrix, double? value, double bound, FormattableString what) => Found(
            run, run.Info.Parameters[matrix].Layer, value, bound,
            $"the loss has stayed within {run.Thresholds.PlateauTolerance:P0} of {run.Loss.Current:G3} for {window.Count} samples while '{run.Info.Parameters[matrix].Path}' {FormattableString.Invariant(what)}.");
    }

    private static bool StandsStill(RunView run, Sample sample, int matrix) =>
        sample.Parameters[matrix].UpdateRatio < run.Thresholds.MinUpdateRatio;
}
