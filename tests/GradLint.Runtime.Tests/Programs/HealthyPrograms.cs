using GradLint.Runtime.Initialization;
using GradLint.Runtime.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs;

/// <summary>Programs that learn: whatever a monitor warns of in them is a false alarm.</summary>
public static class HealthyPrograms
{
    public static IReadOnlyList<TrainingProgram> All { get; } = [.. Perceptrons(), .. Normalised(), .. Residuals(), .. Convolutional(), .. Regressions(), .. Sequences(), .. Special()];

    private static IEnumerable<TrainingProgram> Perceptrons()
    {
        foreach (var (name, activation) in new (string, Func<Module<Tensor, Tensor>>)[]
        {
            ("ReLU", () => ReLU()), ("leaky ReLU", () => LeakyReLU(0.01)), ("ELU", () => ELU()), ("GELU", () => GELU()), ("SiLU", () => SiLU()), ("tanh", Tanh), ("SELU", () => SELU()),
        })
        {
            foreach (var depth in new[] { 1, 2, 3, 4 })
            {
                yield return Healthy($"{name} ×{depth}, fitting initialisation, Adam", (_, training) =>
                    training.Adam(Fitting(Models.Stack(depth, 48, activation)), 2e-3, Data.DigitBatches(), Data.CrossEntropy));
                yield return Healthy($"{name} ×{depth}, fitting initialisation, SGD", (_, training) =>
                    training.Sgd(Fitting(Models.Stack(depth, 48, activation)), 0.03, Data.DigitBatches(), Data.CrossEntropy));
            }

            yield return Healthy($"{name} ×2, default initialisation, Adam", (_, training) =>
                training.Adam(Models.Stack(2, 48, activation), 2e-3, Data.DigitBatches(), Data.CrossEntropy));
        }

        yield return Healthy("ReLU ×8, He, Adam", (_, training) =>
            training.Adam(Fitting(Models.Stack(8, 48, () => ReLU())), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        yield return Healthy("sigmoid ×1, Adam at 1e-2", (_, training) =>
            training.Adam(Models.Stack(1, 48, Sigmoid), 1e-2, Data.DigitBatches(), Data.CrossEntropy));
        yield return Healthy("sigmoid ×2, Adam at 1e-2", (_, training) =>
            training.Adam(Models.Stack(2, 48, Sigmoid), 1e-2, Data.DigitBatches(), Data.CrossEntropy));
        yield return Healthy("ReLU ×2, dropout, AdamW", (_, training) =>
        {
            var model = Sequential(("fc0", Linear(64, 64)), ("act0", ReLU()), ("drop0", Dropout(0.3)), ("fc1", Linear(64, 64)), ("act1", ReLU()), ("drop1", Dropout(0.3)), ("head", Linear(64, 10)));
            return training.Run(model, optim.AdamW(model.parameters(), 2e-3), Data.DigitBatches(), Data.CrossEntropy);
        });
        yield return Healthy("ReLU ×2, RMSProp", (_, training) =>
        {
            var model = Models.Stack(2, 48, () => ReLU());
            return training.Run(model, optim.RMSProp(model.parameters(), 1e-3), Data.DigitBatches(), Data.CrossEntropy);
        });
        yield return Healthy("ReLU ×2, clipping that engages now and then", (_, training) =>
            new Training { Options = training.Options, Steps = training.Steps, ClipNorm = 3 }
                .Adam(Models.Stack(2, 48, () => ReLU()), 2e-3, Data.DigitBatches(), Data.CrossEntropy));
        yield return Healthy("ReLU ×2, clipping that always engages, as large models are trained", (_, training) =>
            new Training { Options = training.Options, Steps = training.Steps, ClipNorm = 0.1 }
                .Adam(Models.Stack(2, 48, () => ReLU()), 2e-3, Data.DigitBatches(), Data.CrossEntropy));
    }

    private static IEnumerable<TrainingProgram> Normalised()
    {
        foreach (var depth in new[] { 3, 6 })
        {
            yield return Healthy($"BatchNorm + ReLU ×{depth}", (_, training) =>
                training.Adam(WithNorm(depth, () => BatchNorm1d(48), () => ReLU()), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
            yield return Healthy($"BatchNorm + sigmoid ×{depth}", (_, training) =>
                training.Adam(WithNorm(depth, () => BatchNorm1d(48), Sigmoid), 3e-3, Data.DigitBatches(), Data.CrossEntropy));
            yield return Healthy($"LayerNorm + tanh ×{depth}", (_, training) =>
                training.Adam(WithNorm(depth, () => LayerNorm(48), Tanh), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
            yield return Healthy($"LayerNorm + GELU ×{depth}, SGD", (_, training) =>
                training.Sgd(WithNorm(depth, () => LayerNorm(48), () => GELU()), 0.03, Data.DigitBatches(), Data.CrossEntropy));
        }
    }

    private static IEnumerable<TrainingProgram> Residuals()
    {
        foreach (var depth in new[] { 4, 12 })
        {
            yield return Healthy($"residual ×{depth}", (_, training) =>
                training.Adam(Blocks(depth, () => new Residual(Branch(), scale: 1 / Math.Sqrt(depth))), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
            yield return Healthy($"ReZero ×{depth}", (_, training) =>
                training.Adam(Blocks(depth, () => new ReZero(Branch())), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
            yield return Healthy($"highway ×{depth}", (_, training) =>
                training.Adam(Blocks(depth, () => new Highway(48, Sequential(("fc", Linear(48, 48)), ("act", ReLU())))), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
            yield return Healthy($"stochastic depth ×{depth}", (_, training) =>
                training.Adam(Blocks(depth, () => new StochasticDepth(Branch(), 0.2)), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
            yield return Healthy($"pre-norm residual ×{depth}", (_, training) =>
                training.Adam(Blocks(depth, () => new Residual(Sequential(("norm", LayerNorm(48)), ("fc", Linear(48, 48)), ("act", GELU()), ("out", Linear(48, 48))))), 1e-3, Data.DigitBatches(), Data.CrossEntropy));
        }
    }

    private static IEnumerable<TrainingProgram> Convolutional()
    {
        yield return Healthy("CNN", (_, training) =>
            training.Adam(Models.Convolutional(), 2e-3, Data.DigitBatches(asImages: true), Data.CrossEntropy));
        yield return Healthy("CNN, SGD", (_, training) =>
            training.Sgd(Models.Convolutional(dropout: 0), 0.02, Data.DigitBatches(asImages: true), Data.CrossEntropy));
        yield return Healthy("CNN without normalisation", (_, training) =>
            training.Adam(
                Sequential(("conv0", Conv2d(1, 8, 3, padding: 1)), ("act0", ReLU()), ("conv1", Conv2d(8, 16, 3, stride: 2, padding: 1)), ("act1", ReLU()), ("flat", Flatten()), ("head", Linear(16 * 16, 10))),
                2e-3, Data.DigitBatches(asImages: true), Data.CrossEntropy));
    }

    private static IEnumerable<TrainingProgram> Regressions()
    {
        foreach (var (name, activation) in new (string, Func<Module<Tensor, Tensor>>)[] { ("tanh", Tanh), ("ReLU", () => ReLU()), ("SiLU", () => SiLU()) })
        {
            yield return Healthy($"regression, {name} ×2, Adam", (_, training) =>
                training.Adam(Models.Stack(2, 48, activation, inputs: 8, outputs: 1), 3e-3, Data.Regression(), Data.SquaredError));
            yield return Healthy($"regression, {name} ×3, fitting initialisation, SGD", (_, training) =>
                training.Sgd(Fitting(Models.Stack(3, 48, activation, inputs: 8, outputs: 1), inputs: 8), 0.01, Data.Regression(), Data.SquaredError));
        }
    }

    private static IEnumerable<TrainingProgram> Sequences()
    {
        yield return Healthy("LSTM, T = 10", (_, training) =>
            training.Adam(new Models.Recurrent(2, 24, 2, layers: 1), 5e-3, Data.FirstStep(10), Data.CrossEntropy));
        yield return Healthy("LSTM, forget bias 3, T = 30", (_, training) =>
        {
            var model = new Models.Recurrent(2, 24, 2, layers: 1);
            using (no_grad())
                model.named_parameters().First(entry => entry.name == "lstm.bias_ih_l0").parameter.narrow(0, 24, 24).fill_(3);
            return training.Adam(model, 5e-3, Data.FirstStep(30), Data.CrossEntropy);
        });
        foreach (var length in new[] { 6, 10 })
        {
            yield return Healthy($"adding problem, LSTM, T = {length}", (_, training) =>
                training.Adam(new Models.Recurrent(2, 24, 1, layers: 1), 1e-2, Data.Adding(length), Data.SquaredError));
        }

        foreach (var layers in new[] { 1, 2 })
        {
            yield return Healthy($"LSTM of {layers} layers reading the rows of an image", (_, training) =>
            {
                var batch = Data.DigitBatches();
                return training.Adam(new Models.Recurrent(8, 32, 10, layers), 5e-3, () => batch() is var (x, y) ? (x.reshape(-1, 8, 8), y) : default, Data.CrossEntropy);
            });
        }

        yield return Healthy("LSTM, clipped at 1", (_, training) =>
            new Training { Options = training.Options, Steps = training.Steps, ClipNorm = 1 }
                .Adam(new Models.Recurrent(2, 24, 2, layers: 1), 5e-3, Data.FirstStep(10), Data.CrossEntropy));
        yield return Healthy("transformer encoder", (_, training) =>
            training.Adam(new Encoder(), 1e-3, Data.DigitBatches(32), Data.CrossEntropy));
    }

    private static IEnumerable<TrainingProgram> Special()
    {
        yield return Healthy("sparse ReLU: biases −0.5, a third of the units active", (_, training) =>
        {
            var model = Fitting(Models.Stack(2, 96, () => ReLU()));
            using (no_grad())
            {
                model.named_parameters().First(entry => entry.name == "fc0.bias").parameter.fill_(-0.5);
                model.named_parameters().First(entry => entry.name == "fc1.bias").parameter.fill_(-0.3);
            }

            return training.Adam(model, 2e-3, Data.DigitBatches(), Data.CrossEntropy);
        });
        yield return Healthy("squeeze-and-excitation gate", (_, training) =>
            training.Adam(new Gated(), 2e-3, Data.DigitBatches(), Data.CrossEntropy));
        yield return Healthy("binary classifier with a sigmoid at its output", (_, training) =>
        {
            var model = Sequential(("fc0", Linear(64, 32)), ("act0", ReLU()), ("head", Linear(32, 1)), ("probability", Sigmoid()));
            return training.Adam(model, 3e-3, Data.DigitBatches(), (output, target) =>
                functional.binary_cross_entropy(output, target.gt(4).to(ScalarType.Float32).unsqueeze(1)));
        });
        yield return Healthy("autoencoder", (_, training) =>
        {
            var model = Sequential(("enc0", Linear(64, 32)), ("act0", ReLU()), ("code", Linear(32, 8)), ("dec0", Linear(8, 32)), ("act1", ReLU()), ("out", Linear(32, 64)), ("pixels", Sigmoid()));
            var batch = Data.DigitBatches();
            return training.Adam(model, 3e-3, () => batch() is var (x, _) ? (x, x) : default, Data.SquaredError);
        });
        yield return Healthy("fine-tuning a head on frozen features", (_, training) =>
        {
            var model = Fitting(Models.Stack(2, 64, () => ReLU()));
            foreach (var (name, parameter) in model.named_parameters().Where(entry => !entry.name.StartsWith("head", StringComparison.Ordinal)))
                parameter.requires_grad = false;
            return training.Adam(model, 5e-3, Data.DigitBatches(), Data.CrossEntropy);
        });
        yield return Healthy("forward() instead of call()", (_, training) =>
        {
            var model = Models.Stack(2, 48, () => ReLU());
            return new Training { Options = training.Options, Steps = training.Steps, Apply = model.forward }
                .Adam(model, 2e-3, Data.DigitBatches(), Data.CrossEntropy);
        });
    }

    private static TrainingProgram Healthy(string name, Func<int, Training, RunReport> run) => new(name, null, [], null, run);

    private static Sequential Fitting(Sequential model, int inputs = 64)
    {
        Initialize.ByActivation(model, randn(2, inputs));
        return model;
    }

    private static Sequential Branch() => Sequential(("fc", Linear(48, 48)), ("act", ReLU()), ("out", Linear(48, 48)));

    private static Sequential Blocks(int depth, Func<Module<Tensor, Tensor>> block)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)> { ("stem", Linear(64, 48)) };
        for (var i = 0; i < depth; i++)
            layers.Add(($"block{i}", block()));
        layers.Add(("head", Linear(48, 10)));
        return Sequential(layers);
    }

    private static Sequential WithNorm(int depth, Func<Module<Tensor, Tensor>> norm, Func<Module<Tensor, Tensor>> activation)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < depth; i++)
        {
            layers.Add(($"fc{i}", Linear(i == 0 ? 64 : 48, 48)));
            layers.Add(($"norm{i}", norm()));
            layers.Add(($"act{i}", activation()));
        }

        layers.Add(("head", Linear(48, 10)));
        return Sequential(layers);
    }

    private sealed class Gated : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(64, 48);
        private readonly Sequential gate = Sequential(("squeeze", Linear(48, 12)), ("act", ReLU()), ("excite", Linear(12, 48)), ("open", Sigmoid()));
        private readonly Linear head = Linear(48, 10);

        public Gated() : base(nameof(Gated)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            var features = hidden.call(x).relu();
            return head.call(features * gate.call(features));
        }
    }

    /// <summary>Eight rows of an image as tokens.</summary>
    private sealed class Encoder : Module<Tensor, Tensor>
    {
        private readonly Linear embed = Linear(8, 32);
        private readonly TransformerEncoderLayer layer = TransformerEncoderLayer(32, 4, dim_feedforward: 64, dropout: 0.1);
        private readonly Linear head = Linear(32, 10);

        public Encoder() : base(nameof(Encoder)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            var tokens = embed.call(x.reshape(-1, 8, 8)).transpose(0, 1);
            return head.call(layer.call(tokens, null!, null!).mean([0]));
        }
    }
}
