using GradLint.Core.Rules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs.Faults;

/// <summary>Gradients that vanish or explode on their way through the layers, and losses that stand still for it.</summary>
internal static class GradientFaults
{
    public static IEnumerable<TrainingProgram> Vanishing()
    {
        string[] rules = [RuntimeRuleIds.VanishingGradient, RuntimeRuleIds.PlateauWithStarvedLayers];
        foreach (var depth in new[] { 6, 8, 12, 16 })
        {
            yield return new($"sigmoid ×{depth}, SGD", "vanishing", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(Models.Stack(depth, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("sigmoid ×10, Adam at 1e-4", "vanishing", rules, ["fc0", "fc1"], (_, training) =>
            training.Adam(Models.Stack(10, 32, Sigmoid), 1e-4, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("sigmoid convolutions ×6", "vanishing", rules, ["conv0"], (_, training) =>
            training.Sgd(FaultModels.Convolutions(6, Sigmoid), 0.02, Data.DigitBatches(asImages: true), Data.CrossEntropy));
        foreach (var deviation in new[] { 0.01, 0.05 })
        {
            yield return new($"tanh ×8, N(0, {deviation}²)", "vanishing", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(FaultModels.Drawn(Models.Stack(8, 32, Tanh), deviation), 0.05, Data.DigitBatches(), Data.CrossEntropy));
        }

        foreach (var depth in new[] { 16, 20 })
        {
            yield return new($"ReLU ×{depth}, default initialisation", "vanishing", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(Models.Stack(depth, 32, () => ReLU()), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        }
    }

    public static IEnumerable<TrainingProgram> Exploding()
    {
        string[] rules = [RuntimeRuleIds.ExplodingGradient, RuntimeRuleIds.NonFiniteValue, RuntimeRuleIds.UnstableUpdates, RuntimeRuleIds.UnstableLoss];
        foreach (var depth in new[] { 6, 10 })
        {
            yield return new($"ReLU ×{depth}, N(0, 1)", "exploding", rules, null, (_, training) =>
                training.Sgd(FaultModels.Drawn(Models.Stack(depth, 32, () => ReLU()), 1), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        }

        // In the chaotic phase the signal saturates, so that only the gradient grows from layer to layer.
        foreach (var depth in new[] { 20, 24 })
        {
            yield return new($"tanh ×{depth}, N(0, 4²/n)", "exploding", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(FaultModels.Drawn(Models.Stack(depth, 48, Tanh), 4 / Math.Sqrt(48)), 1e-6, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("BatchNorm + ReLU ×60 without residuals", "exploding", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(FaultModels.Normalised(60), 1e-6, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("linear regression above its stability limit", "exploding", rules, null, (_, training) =>
        {
            var model = Linear(8, 1);
            return training.Run(model, optim.SGD(model.parameters(), 1.04), Data.Regression(256), Data.SquaredError);
        });
        yield return new("tanh-RNN with a recurrent gain of 3, T = 60", "exploding", rules, ["recurrent"], (_, training) =>
        {
            var model = new FaultModels.LastStep(RNN(2, 32, batchFirst: true), 32, 2);
            init.orthogonal_(model.named_parameters().First(entry => entry.name == "recurrent.weight_hh_l0").parameter, 3);
            return training.Sgd(model, 1e-9, Data.FirstStep(60), Data.CrossEntropy);
        });
        yield return new("ReLU-RNN with a recurrent gain of 1.5, T = 40", "exploding", rules, null, (_, training) =>
        {
            var model = new FaultModels.LastStep(RNN(2, 32, nonLinearity: NonLinearities.ReLU, batchFirst: true), 32, 2);
            using (no_grad())
            {
                foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.name.Contains("weight_hh", StringComparison.Ordinal)))
                    init.orthogonal_(parameter, 1.5);
            }

            return training.Sgd(model, 0.01, Data.FirstStep(40), Data.CrossEntropy);
        });
    }

    public static IEnumerable<TrainingProgram> Plateaus()
    {
        string[] rules = [RuntimeRuleIds.PlateauWithStarvedLayers];
        yield return new("sigmoid ×4, SGD at 0.01", "plateau", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(Models.Stack(4, 32, Sigmoid), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("sigmoid ×2, N(0, 0.05²), SGD at 0.005", "plateau", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(FaultModels.Drawn(Models.Stack(2, 32, Sigmoid), 0.05), 0.005, Data.DigitBatches(), Data.CrossEntropy));
    }
}
