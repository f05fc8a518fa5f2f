using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7002: the gradient grows on its way back through the layers, or from sample to sample.</summary>
public sealed class ExplodingGradientRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.ExplodingGradient,
        "Exploding gradient",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["an initialisation too large for the depth", "a recurrent matrix with a norm above 1", "a learning rate too high"],
        "Use an initialisation that fits the activation, normalisation, gradient clipping, or a smaller learning rate.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var window = run.WindowBeforeBreak;
        if (window.Count == 0)
            yield break;

        var limit = run.Thresholds.MaxGradientRatio;
        var exploding = run.Matrices
            .Where(matrix => window.All(sample => run.Ratio(sample, matrix) > limit && IsAboveAtOutput(run, sample, matrix)))
            .ToArray();
        if (exploding.Length > 0)
        {
            var last = window[^1];
            var worst = exploding.MaxBy(matrix => run.Ratio(last, matrix));
            yield return Found(
                run, run.Info.Parameters[worst].Layer, run.Ratio(last, worst), limit,
                $"the gradient at '{run.Info.Parameters[worst].Path}' is {run.Ratio(last, worst):0.0e+0} times the one at '{last.OutputLayer}' (limit {limit:0e+0}{Beside(run.Predicted(worst))}); {exploding.Length} of {run.Matrices.Count} matrices are above.",
                predicted: run.Predicted(worst));
            yield break;
        }

        var norms = window.Select(sample => Total(run, sample)).ToArray();
        if (norms.Length > 2 && norms.Zip(norms.Skip(1)).All(pair => pair.First > 0 && pair.Second >= run.Thresholds.TrendFactor * pair.First))
        {
            yield return Found(
                run, "", norms[^1], norms[0] * run.Thresholds.TrendFactor,
                $"the total gradient norm grew from {norms[0]:G3} to {norms[^1]:G3} in {window.Count} samples, by more than {run.Thresholds.TrendFactor}× each.");
        }
    }

    // Without hooks the weights alone speak; so do a recurrent layer's, inside of which the gradient grows step by step.
    private static bool IsAboveAtOutput(RunView run, Sample sample, int matrix) =>
        IsRecurrent(run.Info.Parameters[matrix]) || run.OutputRatio(sample, run.Info.Parameters[matrix].Layer) is not < 1;

    private static bool IsRecurrent(ParameterInfo parameter) =>
        LayerTable.OfModule(parameter.LayerType) is { } kind && LayerTable.Has(kind, LayerTraits.Recurrent);

    private static double Total(RunView run, Sample sample) =>
        Math.Sqrt(run.Matrices.Sum(matrix => Math.Pow(sample.Parameters[matrix].Gradient ?? 0, 2)));
}
