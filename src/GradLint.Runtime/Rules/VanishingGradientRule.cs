using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7001: hardly any of the gradient at the output layer reaches an early layer.</summary>
public sealed class VanishingGradientRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.VanishingGradient,
        "Vanishing gradient",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["saturating activations (sigmoid, tanh) in a deep stack", "an initialisation too small for the activation", "depth without residual connections or normalisation"],
        "Use ReLU-family activations with He initialisation, normalisation or residual connections.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.Window;
        if (window.Count == 0)
            yield break;

        var limit = run.Thresholds.MinGradientRatio;
        var starved = run.Matrices.Where(matrix => window.All(sample => IsBelow(run, sample, matrix, limit))).ToArray();
        if (starved.Length > 0)
        {
            // Where the gradient is lost on its way back is the starved matrix nearest the output.
            var worst = starved.MinBy(matrix => run.Ratio(run.Latest, matrix));
            var nearest = starved.MaxBy(matrix => run.Depth(run.Latest, run.Info.Parameters[matrix].Layer));
            yield return Found(
                run, run.Info.Parameters[worst].Layer, run.Ratio(run.Latest, worst), limit,
                $"the gradient at '{run.Info.Parameters[worst].Path}' is {run.Ratio(run.Latest, worst):0.0e+0} of the one at '{run.Latest.OutputLayer}' (limit {limit:0e+0}{Beside(run.Predicted(worst))}); {starved.Length} of {run.Matrices.Count} matrices are below, back from '{run.Info.Parameters[nearest].Layer}'.",
                predicted: run.Predicted(worst));
            yield break;
        }

        foreach (var matrix in run.Matrices.Where(matrix => Decays(run, window, matrix)).Take(1))
        {
            yield return Found(
                run, run.Info.Parameters[matrix].Layer, run.Ratio(run.Latest, matrix), limit,
                $"the gradient at '{run.Info.Parameters[matrix].Path}' relative to '{run.Latest.OutputLayer}' has fallen by more than {run.Thresholds.TrendFactor}× a sample, to {run.Ratio(run.Latest, matrix):0.0e+0}.");
        }
    }

    // Behind a norm or inside a residual branch a weight's gradient may be small while the signal's is not: both must be.
    private static bool IsBelow(RunView run, Sample sample, int matrix, double limit) =>
        run.Ratio(sample, matrix) < limit && (run.OutputRatio(sample, run.Info.Parameters[matrix].Layer) ?? 0) < limit;

    private static bool Decays(RunView run, IReadOnlyList<Sample> window, int matrix)
    {
        var ratios = window.Select(sample => run.Ratio(sample, matrix)).ToArray();
        return ratios[^1] < Math.Sqrt(run.Thresholds.MinGradientRatio)
            && ratios.Zip(ratios.Skip(1)).All(pair => pair.Second * run.Thresholds.TrendFactor <= pair.First && pair.Second > 0);
    }
}
