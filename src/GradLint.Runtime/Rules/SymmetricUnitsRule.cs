using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7014: units with the same gradient, which training can never tell apart.</summary>
public sealed class SymmetricUnitsRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.SymmetricUnits,
        "Identical units",
        FindingSeverity.Warning,
        SoftenedByLearning: false,
        ["a constant or zero initialisation of weights on both sides of the units"],
        "Initialise the weights at random (He for ReLU, Xavier for tanh and sigmoid).");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var limit = run.Thresholds.MaxTwinUnits;
        var measured = run.Samples.Where(sample => sample.Parameters.Any(parameter => parameter.TwinUnits is not null)).TakeLast(run.Thresholds.Patience).ToArray();
        if (measured.Length < run.Thresholds.Patience)
            yield break;

        foreach (var matrix in run.Matrices.Where(matrix => measured.All(sample => sample.Parameters[matrix].TwinUnits > limit)))
        {
            var parameter = run.Info.Parameters[matrix];
            var share = run.Latest.Parameters[matrix].TwinUnits;
            yield return Found(
                run, parameter.Layer, share, limit,
                $"{share:P0} of the {parameter.Shape[0]} units of '{parameter.Layer}' ({parameter.LayerType}) have the same gradient as another one in {measured.Length} samples.");
        }
    }
}
