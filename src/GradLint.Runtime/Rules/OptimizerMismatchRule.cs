using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>GL7009: the optimizer does not step exactly the model's trainable parameters.</summary>
public sealed class OptimizerMismatchRule : RuntimeRule
{
    public override RuleDescription Description { get; } = new(
        RuntimeRuleIds.OptimizerMismatch,
        "Optimizer and model do not match",
        FindingSeverity.Warning,
        SoftenedByLearning: false,
        ["layers that were never registered", "an optimizer made before layers were added or the model was moved", "a parameter listed in two groups"],
        "Make the optimizer from model.parameters() after the model is complete, and freeze what is not to train.");

    public override IEnumerable<Finding> Check(RunView run)
    {
        if (run.Info.Coverage is not { } coverage)
            yield break;

        if (coverage.Parameters == 0)
        {
            yield return Found(run, "", 0, null, $"the optimizer holds no parameter: nothing trains.");
            yield break;
        }

        if (coverage.Missing.Count > 0)
        {
            yield return Found(
                run, coverage.Missing[0], coverage.Missing.Count, 0,
                $"the optimizer does not hold {coverage.Missing.Count} trainable parameters of the model, '{coverage.Missing[0]}' first: they never change.");
        }

        if (coverage.Repeated.Count > 0)
        {
            yield return Found(
                run, coverage.Repeated[0], coverage.Repeated.Count, 0,
                $"the optimizer holds {coverage.Repeated.Count} parameters more than once, '{coverage.Repeated[0]}' first: each step moves them twice.");
        }

        // One optimizer for several models is usual; one with none of this model's parameters is not.
        if (coverage.Foreign == coverage.Parameters)
        {
            yield return Found(run, "", coverage.Foreign, 0, $"none of the optimizer's {coverage.Parameters} parameters is the model's.");
        }
    }
}
