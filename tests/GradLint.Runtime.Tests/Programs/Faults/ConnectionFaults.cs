using GradLint.Core.Rules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs.Faults;

/// <summary>Parameters that no gradient reaches.</summary>
internal static class ConnectionFaults
{
    public static IEnumerable<TrainingProgram> Disconnected()
    {
        string[] rules = [RuntimeRuleIds.NoGradient];
        foreach (var cut in new[] { 1, 2, 3 })
        {
            yield return new($"detach after layer {cut}", "no gradient", rules, ["layers.0"], (_, training) =>
                training.Adam(new Cut(cut), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("layer never used", "no gradient", rules, ["spare"], (_, training) =>
            training.Adam(new Spare(), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("branch times zero", "no gradient", rules, ["branch"], (_, training) =>
            training.Adam(new TimesZero(), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("loss of the last layer's bias alone", "no gradient", rules, ["fc0"], (_, training) =>
        {
            var model = Models.Stack(2, 32, Tanh);
            return new Training { Options = training.Options, Apply = x => model.call(x).detach() + model.named_parameters().Last().parameter }
                .Adam(model, 1e-3, Data.DigitBatches(), Data.CrossEntropy);
        });
    }

    private sealed class Cut : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
        private readonly Linear head = Linear(32, 10);
        private readonly int _after;

        public Cut(int after) : base(nameof(Cut))
        {
            _after = after;
            for (var i = 0; i < 4; i++)
                layers.Add(Linear(i == 0 ? 64 : 32, 32));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            for (var i = 0; i < layers.Count; i++)
            {
                x = layers[i].call(x).relu();
                if (i + 1 == _after)
                    x = x.detach();
            }

            return head.call(x);
        }
    }

    private sealed class Spare : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(64, 32);
        private readonly Linear spare = Linear(32, 32);
        private readonly Linear head = Linear(32, 10);

        public Spare() : base(nameof(Spare)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(hidden.call(x).relu());
    }

    private sealed class TimesZero : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(64, 32);
        private readonly Linear branch = Linear(64, 32);
        private readonly Linear head = Linear(32, 10);

        public TimesZero() : base(nameof(TimesZero)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call((hidden.call(x) + (branch.call(x) * 0)).relu());
    }
}
