using GradLint.Core.Rules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs.Faults;

/// <summary>Steps of the wrong size: learning rates, clipping, gradients of steps before, optimizers of other parameters.</summary>
internal static class StepFaults
{
    public static IEnumerable<TrainingProgram> LearningRates()
    {
        string[] high = [RuntimeRuleIds.UnstableUpdates, RuntimeRuleIds.UnstableLoss, RuntimeRuleIds.NonFiniteValue, RuntimeRuleIds.ExplodingGradient, RuntimeRuleIds.DeadUnits];
        foreach (var rate in new[] { 5.0, 50 })
        {
            yield return new($"ReLU ×3, SGD at {rate}", "learning rate too high", high, null, (_, training) =>
                training.Sgd(Models.Stack(3, 32, () => ReLU()), rate, Data.DigitBatches(), Data.CrossEntropy));
            yield return new($"regression, SGD at {rate}", "learning rate too high", high, null, (_, training) =>
                training.Sgd(Models.Stack(2, 32, Tanh, inputs: 8, outputs: 1), rate, Data.Regression(), Data.SquaredError));
        }

        yield return new("ReLU ×3, Adam at 1", "learning rate too high", high, null, (_, training) =>
            training.Adam(Models.Stack(3, 32, () => ReLU()), 1, Data.DigitBatches(), Data.CrossEntropy));

        string[] low = [RuntimeRuleIds.FrozenUpdates];
        foreach (var rate in new[] { 1e-7, 1e-6 })
        {
            yield return new($"ReLU ×3, SGD at {rate}", "learning rate too low", low, null, (_, training) =>
                training.Sgd(Models.Stack(3, 32, () => ReLU()), rate, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("tanh ×2, Adam at 1e-8", "learning rate too low", low, null, (_, training) =>
            training.Adam(Models.Stack(2, 32, Tanh), 1e-8, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("one layer at a rate of 1e-9", "learning rate too low", [RuntimeRuleIds.FrozenUpdates, RuntimeRuleIds.PlateauWithStarvedLayers], ["fc0"], (_, training) =>
        {
            var model = Models.Stack(2, 32, Tanh);
            var (slow, fast) = (model.parameters().Take(2).ToList(), model.parameters().Skip(2).ToList());
            return training.Run(model, optim.SGD([new SGD.ParamGroup(slow, lr: 1e-9), new SGD.ParamGroup(fast, lr: 1e-5)], 1e-5), Data.DigitBatches(), Data.CrossEntropy);
        });
    }

    public static IEnumerable<TrainingProgram> Clipping()
    {
        foreach (var limit in new[] { 1e-4, 1e-3, 1e-2 })
        {
            yield return new($"clipping at {limit}", "clipping too tight", [RuntimeRuleIds.ClippingVerdict], null, (_, training) =>
                new Training { Options = training.Options, ClipNorm = limit }
                    .Sgd(Models.Stack(3, 32, () => ReLU()), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("clipping at 1e12 of a gradient that explodes", "clipping never", [RuntimeRuleIds.ClippingVerdict, RuntimeRuleIds.ExplodingGradient, RuntimeRuleIds.NonFiniteValue], null, (_, training) =>
            new Training { Options = training.Options, ClipNorm = 1e12 }
                .Sgd(FaultModels.Drawn(Models.Stack(20, 48, Tanh), 4 / Math.Sqrt(48)), 1e-6, Data.DigitBatches(), Data.CrossEntropy));
    }

    public static IEnumerable<TrainingProgram> Mismatches()
    {
        string[] rules = [RuntimeRuleIds.OptimizerMismatch];
        yield return new("a layer the optimizer does not have", "optimizer mismatch", rules, ["fc1"], (_, training) =>
        {
            var model = Models.Stack(2, 32, () => ReLU());
            return training.Run(model, optim.Adam(model.named_parameters().Where(entry => !entry.name.StartsWith("fc1.", StringComparison.Ordinal)).Select(entry => entry.parameter).ToList(), 1e-3), Data.DigitBatches(), Data.CrossEntropy);
        });
        yield return new("a parameter in two groups", "optimizer mismatch", rules, ["head"], (_, training) =>
        {
            var model = Models.Stack(2, 32, () => ReLU());
            var head = model.parameters().TakeLast(1).ToList();
            return training.Run(model, optim.SGD([new SGD.ParamGroup(model.parameters().ToList(), lr: 1e-2), new SGD.ParamGroup(head, lr: 1e-2)], 1e-2), Data.DigitBatches(), Data.CrossEntropy);
        });
        yield return new("an optimizer without parameters", "optimizer mismatch", rules, null, (_, training) =>
            training.Run(Models.Stack(2, 32, () => ReLU()), optim.SGD(new List<Parameter>(), 1e-2), Data.DigitBatches(), Data.CrossEntropy));
        yield return new("another model's optimizer", "optimizer mismatch", rules, null, (_, training) =>
            training.Run(Models.Stack(2, 32, () => ReLU()), optim.SGD(Models.Stack(2, 32, () => ReLU()).parameters().ToList(), 1e-2), Data.DigitBatches(), Data.CrossEntropy));
    }

    public static IEnumerable<TrainingProgram> NeverCleared()
    {
        string[] rules = [RuntimeRuleIds.UnstableLoss, RuntimeRuleIds.ExplodingGradient, RuntimeRuleIds.UnstableUpdates, RuntimeRuleIds.NonFiniteValue, RuntimeRuleIds.DeadUnits];
        foreach (var rate in new[] { 0.05, 0.2 })
        {
            yield return new($"gradients never cleared, SGD at {rate}", "never cleared", rules, null, (_, training) =>
                new Training { Options = training.Options, ClearsGradients = false }
                    .Sgd(Models.Stack(3, 32, () => ReLU()), rate, Data.DigitBatches(), Data.CrossEntropy));
        }
    }
}
