using GradLint.Core.Rules;
using GradLint.Runtime.Initialization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs;

/// <summary>Programs with one planted fault each, and where it is.</summary>
public static class FaultPrograms
{
    public static IReadOnlyList<TrainingProgram> All { get; } =
    [
        .. Vanishing(), .. Exploding(), .. Dead(), .. Saturated(), .. Disconnected(), .. Symmetric(), .. LearningRates(),
        .. NonFinite(), .. Plateaus(), .. Horizons(), .. Clipping(), .. Mismatches(), .. NeverCleared(),
    ];

    private static IEnumerable<TrainingProgram> Vanishing()
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
            training.Sgd(Convolutions(6, Sigmoid), 0.02, Data.DigitBatches(asImages: true), Data.CrossEntropy));
        foreach (var deviation in new[] { 0.01, 0.05 })
        {
            yield return new($"tanh ×8, N(0, {deviation}²)", "vanishing", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(Drawn(Models.Stack(8, 32, Tanh), deviation), 0.05, Data.DigitBatches(), Data.CrossEntropy));
        }

        foreach (var depth in new[] { 16, 20 })
        {
            yield return new($"ReLU ×{depth}, default initialisation", "vanishing", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(Models.Stack(depth, 32, () => ReLU()), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        }
    }

    private static IEnumerable<TrainingProgram> Exploding()
    {
        string[] rules = [RuntimeRuleIds.ExplodingGradient, RuntimeRuleIds.NonFiniteValue, RuntimeRuleIds.UnstableUpdates, RuntimeRuleIds.UnstableLoss];
        foreach (var depth in new[] { 6, 10 })
        {
            yield return new($"ReLU ×{depth}, N(0, 1)", "exploding", rules, null, (_, training) =>
                training.Sgd(Drawn(Models.Stack(depth, 32, () => ReLU()), 1), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        }

        // In the chaotic phase the signal saturates, so that only the gradient grows from layer to layer.
        foreach (var depth in new[] { 20, 24 })
        {
            yield return new($"tanh ×{depth}, N(0, 4²/n)", "exploding", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(Drawn(Models.Stack(depth, 48, Tanh), 4 / Math.Sqrt(48)), 1e-6, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("BatchNorm + ReLU ×60 without residuals", "exploding", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(Normalised(60), 1e-6, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("linear regression above its stability limit", "exploding", rules, null, (_, training) =>
        {
            var model = Linear(8, 1);
            return training.Run(model, optim.SGD(model.parameters(), 1.04), Data.Regression(256), Data.SquaredError);
        });
        yield return new("tanh-RNN with a recurrent gain of 3, T = 60", "exploding", rules, ["recurrent"], (_, training) =>
        {
            var model = new LastStep(RNN(2, 32, batchFirst: true), 32, 2);
            init.orthogonal_(model.named_parameters().First(entry => entry.name == "recurrent.weight_hh_l0").parameter, 3);
            return training.Sgd(model, 1e-9, Data.FirstStep(60), Data.CrossEntropy);
        });
        yield return new("ReLU-RNN with a recurrent gain of 1.5, T = 40", "exploding", rules, null, (_, training) =>
        {
            var model = new LastStep(RNN(2, 32, nonLinearity: NonLinearities.ReLU, batchFirst: true), 32, 2);
            using (no_grad())
            {
                foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.name.Contains("weight_hh", StringComparison.Ordinal)))
                    init.orthogonal_(parameter, 1.5);
            }

            return training.Sgd(model, 0.01, Data.FirstStep(40), Data.CrossEntropy);
        });
    }

    private static IEnumerable<TrainingProgram> Dead()
    {
        string[] rules = [RuntimeRuleIds.DeadUnits, RuntimeRuleIds.NoGradient];
        foreach (var layer in new[] { 0, 1, 2 })
        {
            yield return new($"ReLU ×3, bias −10 in fc{layer}", "dead units", rules, [$"act{layer}", $"fc{layer}"], (_, training) =>
                training.Sgd(Biased(Models.Stack(3, 32, () => ReLU()), layer, -10), 0.05, Data.DigitBatches(), Data.CrossEntropy));
            yield return new($"ReLU convolutions ×3, bias −10 in conv{layer}", "dead units", rules, [$"act{layer}", $"conv{layer}"], (_, training) =>
                training.Sgd(Biased(Convolutions(3, () => ReLU()), layer, -10), 0.05, Data.DigitBatches(asImages: true), Data.CrossEntropy));
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

    private static IEnumerable<TrainingProgram> Saturated()
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

    private static IEnumerable<TrainingProgram> Disconnected()
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

    private static IEnumerable<TrainingProgram> Symmetric()
    {
        string[] rules = [RuntimeRuleIds.SymmetricUnits, RuntimeRuleIds.NoGradient];
        foreach (var value in new[] { 0.01, 0.1 })
        {
            yield return new($"tanh ×2, all weights {value}", "identical units", rules, ["fc0", "fc1"], (_, training) =>
                training.Sgd(Constant(Models.Stack(2, 32, Tanh), value), 0.05, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("sigmoid ×1, all weights 0.5", "identical units", rules, ["fc0"], (_, training) =>
            training.Adam(Constant(Models.Stack(1, 32, Sigmoid), 0.5), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("ReLU ×2, all weights 0", "identical units", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(Constant(Models.Stack(2, 32, () => ReLU()), 0), 0.05, Data.DigitBatches(), Data.CrossEntropy));
    }

    private static IEnumerable<TrainingProgram> LearningRates()
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

    private static IEnumerable<TrainingProgram> NonFinite()
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

    private static IEnumerable<TrainingProgram> Plateaus()
    {
        string[] rules = [RuntimeRuleIds.PlateauWithStarvedLayers];
        yield return new("sigmoid ×4, SGD at 0.01", "plateau", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(Models.Stack(4, 32, Sigmoid), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        yield return new("sigmoid ×2, N(0, 0.05²), SGD at 0.005", "plateau", rules, ["fc0", "fc1"], (_, training) =>
            training.Sgd(Drawn(Models.Stack(2, 32, Sigmoid), 0.05), 0.005, Data.DigitBatches(), Data.CrossEntropy));
    }

    private static IEnumerable<TrainingProgram> Horizons()
    {
        string[] rules = [RuntimeRuleIds.ShortMemoryHorizon];
        foreach (var length in new[] { 60, 100 })
        {
            yield return new($"RNN, T = {length}, only the first step matters", "memory horizon", rules, ["recurrent"], (_, training) =>
                training.Adam(new LastStep(RNN(2, 32, batchFirst: true), 32, 2), 1e-3, Data.FirstStep(length), Data.CrossEntropy));
        }

        yield return new("GRU, T = 100, only the first step matters", "memory horizon", rules, ["recurrent"], (_, training) =>
            training.Adam(new LastStep(GRU(2, 32, batchFirst: true), 32, 2), 1e-3, Data.FirstStep(100), Data.CrossEntropy));
        yield return new("LSTM, T = 100, only the first step matters", "memory horizon", rules, ["lstm"], (_, training) =>
            training.Sgd(new Models.Recurrent(2, 32, 2, layers: 1), 0.01, Data.FirstStep(100), Data.CrossEntropy));
    }

    private static IEnumerable<TrainingProgram> Clipping()
    {
        foreach (var limit in new[] { 1e-4, 1e-3, 1e-2 })
        {
            yield return new($"clipping at {limit}", "clipping too tight", [RuntimeRuleIds.ClippingVerdict], null, (_, training) =>
                new Training { Options = training.Options, ClipNorm = limit }
                    .Sgd(Models.Stack(3, 32, () => ReLU()), 0.01, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return new("clipping at 1e12 of a gradient that explodes", "clipping never", [RuntimeRuleIds.ClippingVerdict, RuntimeRuleIds.ExplodingGradient, RuntimeRuleIds.NonFiniteValue], null, (_, training) =>
            new Training { Options = training.Options, ClipNorm = 1e12 }
                .Sgd(Drawn(Models.Stack(20, 48, Tanh), 4 / Math.Sqrt(48)), 1e-6, Data.DigitBatches(), Data.CrossEntropy));
    }

    private static IEnumerable<TrainingProgram> Mismatches()
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

    private static IEnumerable<TrainingProgram> NeverCleared()
    {
        string[] rules = [RuntimeRuleIds.UnstableLoss, RuntimeRuleIds.ExplodingGradient, RuntimeRuleIds.UnstableUpdates, RuntimeRuleIds.NonFiniteValue, RuntimeRuleIds.DeadUnits];
        foreach (var rate in new[] { 0.05, 0.2 })
        {
            yield return new($"gradients never cleared, SGD at {rate}", "never cleared", rules, null, (_, training) =>
                new Training { Options = training.Options, ClearsGradients = false }
                    .Sgd(Models.Stack(3, 32, () => ReLU()), rate, Data.DigitBatches(), Data.CrossEntropy));
        }
    }

    private static Sequential Convolutions(int count, Func<Module<Tensor, Tensor>> activation)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < count; i++)
        {
            layers.Add(($"conv{i}", Conv2d(i == 0 ? 1 : 8, 8, 3, padding: 1)));
            layers.Add(($"act{i}", activation()));
        }

        layers.Add(("flat", Flatten()));
        layers.Add(("head", Linear(8 * 64, 10)));
        return Sequential(layers);
    }

    private static Sequential Normalised(int depth)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < depth; i++)
        {
            layers.Add(($"fc{i}", Linear(i == 0 ? 64 : 32, 32)));
            layers.Add(($"norm{i}", BatchNorm1d(32)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(32, 10)));
        return Sequential(layers);
    }

    private static Sequential Drawn(Sequential model, double deviation)
    {
        using var mode = no_grad();
        foreach (var parameter in model.parameters().Where(parameter => parameter.ndim > 1))
            init.normal_(parameter, 0, deviation);
        return model;
    }

    private static Sequential Constant(Sequential model, double value)
    {
        using var mode = no_grad();
        foreach (var parameter in model.parameters())
            init.constant_(parameter, parameter.ndim > 1 ? value : 0);
        return model;
    }

    private static Sequential Biased(Sequential model, int layer, double bias)
    {
        using var mode = no_grad();
        init.constant_(model.parameters().ElementAt((2 * layer) + 1), bias);
        return model;
    }

    /// <summary>A recurrent layer whose last output is classified.</summary>
    private sealed class LastStep : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor?, (Tensor, Tensor)> recurrent;
        private readonly Linear head;

        public LastStep(Module<Tensor, Tensor?, (Tensor, Tensor)> layer, int hidden, int outputs) : base(nameof(LastStep))
        {
            recurrent = layer;
            head = Linear(hidden, outputs);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var (output, _) = recurrent.call(x, null);
            return head.call(output.select(1, output.shape[1] - 1));
        }
    }

    private sealed class Functional : Module<Tensor, Tensor>
    {
        private readonly Linear first = Linear(64, 32);
        private readonly Linear hidden = Linear(32, 32);
        private readonly Linear head = Linear(32, 10);

        public Functional() : base(nameof(Functional)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.forward(functional.relu(hidden.forward(functional.relu(first.forward(x)))));
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
