using GradLint.Core.Rules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs.Faults;

/// <summary>Operations that end in NaN or infinity.</summary>
internal static class NonFiniteFaults
{
    public static IEnumerable<TrainingProgram> NonFinite()
    {
        string[] rules = [RuntimeRuleIds.NonFiniteValue];
        foreach (var (name, operation) in new (string, Func<Tensor, Tensor>)[]
        {
            ("log of a negative number", x => (x - 100).log()),
            ("0 divided by 0", x => (x * 0) / (x * 0)),
            ("overflow of exp", x => (x.abs() * 1e4 + 1e4).exp()),
            ("square root of a negative number", x => (x - 100).sqrt()),
        })
        {
            yield return new(name, "NaN", rules, ["broken"], (_, training) =>
                training.Adam(new Broken(operation), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        }

        foreach (var (name, operation) in new (string, Func<Tensor, Tensor>)[]
        {
            ("gradient of sqrt at 0", x => x + (x * 0).sqrt()),
            ("gradient of a norm at 0", x => x + (x * 0).square().sum(1, keepdim: true).sqrt()),
        })
        {
            yield return new(name, "NaN", rules, ["broken", "before"], (_, training) =>
                training.Adam(new Broken(operation), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("NaN in the data", "NaN", rules, ["fc0"], (_, training) =>
            training.Adam(Models.Stack(2, 32, Tanh), 1e-3, () =>
            {
                var (x, y) = Data.DigitBatches()();
                return (x.masked_fill(x.gt(0.99), float.NaN), y);
            }, Data.CrossEntropy));
    }

    /// <summary>One module in the middle does something that ends in NaN.</summary>
    private sealed class Broken : Module<Tensor, Tensor>
    {
        private readonly Linear before = Linear(64, 32);
        private readonly Operation broken;
        private readonly Linear head = Linear(32, 10);

        public Broken(Func<Tensor, Tensor> operation) : base(nameof(Broken))
        {
            broken = new(operation);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => head.call(broken.call(before.call(x)));
    }

    private sealed class Operation(Func<Tensor, Tensor> operation) : Module<Tensor, Tensor>(nameof(Operation))
    {
        public override Tensor forward(Tensor x) => operation(x);
    }
}
