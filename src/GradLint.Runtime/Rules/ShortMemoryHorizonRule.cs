using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7012: a recurrent layer whose gradient does not reach back to the start of its sequences.</summary>
public sealed class ShortMemoryHorizonRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.ShortMemoryHorizon,
        "Memory horizon shorter than the sequence",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["a recurrent matrix whose gain is below 1 a step", "an LSTM forget gate that is half open (bias near 0)"],
        "Use an LSTM with forget-gate bias 1 to 2 (or log U(1, T−1) for long sequences), shorten the sequence, or use more than the last step's output.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        foreach (var horizon in run.Latest.Horizons)
        {
            // The first sample is initialisation; what counts is that training does not lengthen it.
            var measured = run.Samples.SelectMany(sample => sample.Horizons).Where(other => other.Path == horizon.Path).ToArray();
            if (measured.Length < 2 || !measured.TakeLast(2).All(IsShort))
                continue;

            yield return Found(
                run, horizon.Path, horizon.StepsToThousandth, horizon.Length,
                $"{horizon}, and only the last step is used.{Regime(run.Latest, horizon.Path)}");
        }
    }

    // Of several layers, the one through which the gradient lasts longest.
    private static string Regime(Sample sample, string path) =>
        sample.RecurrentMatrices.Where(matrix => IsOf(matrix.Path, path)).MaxBy(matrix => matrix.SpectralRadius) is { } matrix ? $" {matrix}" : "";

    private static bool IsOf(string parameter, string layer) =>
        layer.Length == 0 || (parameter.StartsWith(layer, StringComparison.Ordinal) && parameter.Length > layer.Length && parameter[layer.Length] == '.');

    private static bool IsShort(HorizonSample horizon) => horizon.OnlyLastStepUsed && horizon.StepsToThousandth < horizon.Length;
}
