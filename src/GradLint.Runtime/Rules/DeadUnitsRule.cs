using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7004: units that were active for no input of the whole window.</summary>
/// <remarks>Never the share of zeros in a batch: a sparse layer has many, and no dead unit.</remarks>
public sealed class DeadUnitsRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.DeadUnits,
        "Dead units",
        FindingSeverity.Warning,
        SoftenedByLearning: true,
        ["a learning rate too high pushed the biases far below zero", "a negative bias at initialisation", "inputs of one sign"],
        "Lower the learning rate, initialise biases with 0, or use LeakyReLU, ELU or GELU.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        var limit = run.Thresholds.MaxDeadUnits;
        var observed = run.Latest.Modules.Where(module => module.DeadUnits is not null).ToArray();
        foreach (var module in observed)
        {
            if (module.Window >= run.Thresholds.Patience && module.DeadUnits > limit)
            {
                yield return Found(
                    run, module.Path, module.DeadUnits, limit,
                    $"{module.DeadUnits:P0} of the {module.Units} units of '{module.Path}' ({module.Type}) were active for no input of the last {module.Window} samples (limit {limit:P0}).");
            }
        }

        // Activations written as functions have no module to watch; a dead unit's weights get a gradient of exactly zero.
        if (observed.Length > 0)
            yield break;

        var window = run.Window;
        foreach (var matrix in run.Matrices.Where(matrix => window.Count > 0 && IsIdle(run, window, matrix, limit)))
        {
            var parameter = run.Info.Parameters[matrix];
            yield return Found(
                run, parameter.Layer, run.Latest.Parameters[matrix].IdleUnits, limit,
                $"{run.Latest.Parameters[matrix].IdleUnits:P0} of the {parameter.Shape[0]} units of '{parameter.Layer}' ({parameter.LayerType}) got a gradient of exactly zero in {run.Latest.Parameters[matrix].IdleWindow} samples (limit {limit:P0}).");
        }
    }

    // Where the gradient has vanished altogether, zeros say nothing about single units.
    private static bool IsIdle(RunView run, IReadOnlyList<Sample> window, int matrix, double limit) =>
        run.Info.Parameters[matrix].Layer != run.Latest.OutputLayer
        && run.Latest.Parameters[matrix].IdleUnits > limit
        && run.Latest.Parameters[matrix].IdleWindow >= run.Thresholds.Patience
        && window.All(sample => run.Ratio(sample, matrix) > 1e-6);
}
