using GradLint.Core.Rules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs.Faults;

/// <summary>Units that are dead, saturated or the same.</summary>
internal static class UnitFaults
{
    public static IEnumerable<TrainingProgram> Dead()
    {
        string[] rules = [RuntimeRuleIds.DeadUnits, RuntimeRuleIds.NoGradient];
        foreach (var layer in new[] { 0, 1, 2 })
        {
            yield return new($"ReLU ×3, bias −10 in fc{layer}", "dead units", rules, [$"act{layer}", $"fc{layer}"], (_, training) =>
                training.Sgd(FaultModels.Biased(Models.Stack(3, 32, () => ReLU()), layer, -10), 0.05, Data.DigitBatches(), Data.CrossEntropy));
            yield return new($"ReLU convolutions ×3, bias −10 in conv{layer}", "dead units", rules, [$"act{layer}", $"conv{layer}"], (_, training) =>
                training.Sgd(FaultModels.Biased(FaultModels.Convolutions(3, () => ReLU()), layer, -10), 0.05, Data.DigitBatches(asImages: true), Data.CrossEntropy));
        }

        yield return new("functional relu, bias −10", "dead units", rules, ["hidden", "first"], (_, training) =>
        {
            var model = new Functional();
            using (no_grad())
                model.named_parameters().First(entry => entry.name == "hidden.bias").parameter.fill_(-10);
            return training.Sgd(model, 0.05, Data.DigitBatches(), Data.CrossEntropy);
        });
        yield return new("ReLU ×3, three units in four with bias −10", "dead units", rules, ["act1", "fc1"], (_, training) =>
        {
            var model = Models.Stack(3, 32, () => ReLU());
            using (no_grad())
                model.named_parameters().First(entry => entry.name == "fc1.bias").parameter.narrow(0, 0, 24).fill_(-10);
            return training.Sgd(model, 1e-3, Data.DigitBatches(), Data.CrossEntropy);
        });
    }

    public static IEnumerable<TrainingProgram> Saturated()
    {
        string[] rules = [RuntimeRuleIds.SaturatedUnits, RuntimeRuleIds.VanishingGradient];
        foreach (var (name, activation) in new (string, Func<Module<Tensor, Tensor>>)[] { ("tanh", Tanh), ("sigmoid", Sigmoid), ("softsign", Softsign) })
        {
            foreach (var layer in new[] { 0, 1 })
            {
                yield return new($"{name} ×3, weights ×200 in fc{layer}", "saturation", rules, [$"act{layer}", "fc0", $"fc{layer}"], (_, training) =>
                {
                    var model = Models.Stack(3, 32, activation);
                    using (no_grad())
                        model.named_parameters().First(entry => entry.name == $"fc{layer}.weight").parameter.mul_(200);
                    return training.Sgd(model, 1e-3, Data.DigitBatches(), Data.CrossEntropy);
                });
            }
        }
    }

    public static IEnumerable<TrainingProgram> Symmetric()
    {
        string[] rules = [RuntimeRuleIds.SymmetricUnits, RuntimeRuleIds.NoGradient];
        foreach (var value in new[] { 0.01, 0.1 })
        {
            yield return new($"tanh ×2, all weights {value}", "identical units", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(FaultModels.Constant(Models.Stack(2, 32, Tanh), value), 0.05, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("sigmoid ×1, all weights 0.5", "identical units", rules, ["fc0"], (_, training) =>
            training.Adam(FaultModels.Constant(Models.Stack(1, 32, Sigmoid), 0.5), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("ReLU ×2, all weights 0", "identical units", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(FaultModels.Constant(Models.Stack(2, 32, () => ReLU()), 0), 0.05, Data.DigitBatches(), Data.CrossEntropy));
    }

    private sealed class Functional : Module<Tensor, Tensor>
    {
        private readonly Linear first = Linear(64, 32);
        private readonly Linear hidden = Linear(32, 32);
        private readonly Linear head = Linear(32, 10);

        public Functional() : base(nameof(Functional)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.forward(functional.relu(hidden.forward(functional.relu(first.forward(x)))));
    }
}
