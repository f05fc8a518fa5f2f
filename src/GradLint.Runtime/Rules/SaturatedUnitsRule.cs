using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7005: units of a saturating layer that stay where its slope is below 5 % of the largest.</summary>
public sealed class SaturatedUnitsRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.SaturatedUnits,
        "Saturated units",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["weights or inputs too large for a sigmoid or tanh", "a learning rate too high"],
        "Normalise before the activation, use an initialisation that fits it (Xavier, LeCun), or scale the inputs.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var limit = run.Thresholds.MaxSaturatedUnits;
        var modules = run.Latest.Modules;
        for (var i = 0; i < modules.Count; i++)
        {
            var module = modules[i];
            if (module.Window >= run.Thresholds.Patience && module.SaturatedUnits > limit && FeedsALayer(run, modules, i))
            {
                yield return Found(
                    run, module.Path, module.SaturatedUnits, limit,
                    $"{module.SaturatedUnits:P0} of the {module.Units} units of '{module.Path}' ({module.Type}) were saturated in the last {module.Window} samples (limit {limit:P0}).");
            }
        }
    }

    // The activation at a model's output saturates because the model is sure.
    private static bool FeedsALayer(RunView run, IReadOnlyList<ModuleSample> modules, int index) =>
        modules.Skip(index + 1).Any(later => run.Matrices.Any(matrix => run.Info.Parameters[matrix].Layer == later.Path));
}
