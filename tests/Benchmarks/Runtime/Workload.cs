using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Benchmarks.Runtime;

/// <summary>A model with a batch to train it on.</summary>
internal sealed record Workload(string Name, Module<Tensor, Tensor> Model, Tensor Input, Tensor Target)
{
    public static IReadOnlyList<(string Name, Func<Workload> Create)> All { get; } =
    [
        ("mlp-12x64", () => new("MLP 12×64, batch 32", Perceptron(12, 64), randn(32, 64), randint(0, 10, 32))),
        ("mlp-12x256", () => new("MLP 12×256, batch 64", Perceptron(12, 256), randn(64, 256), randint(0, 10, 64))),
        ("mlp-8x1024", () => new("MLP 8×1024, batch 64", Perceptron(8, 1024), randn(64, 1024), randint(0, 10, 64))),
        ("cnn", () => new("CNN, 16×16, batch 16", Convolutional(), randn(16, 3, 16, 16), randint(0, 10, 16))),
        ("lstm", () => new("LSTM 2×128, T = 50", new LastStep(), randn(16, 50, 32), randint(0, 10, 16))),
        ("transformer", () => new("transformer, 4 layers", new Encoder(), randn(16, 16, 64), randint(0, 10, 16))),
    ];

    private static Sequential Perceptron(int depth, int width)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < depth; i++)
        {
            layers.Add(($"fc{i}", Linear(width, width)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(width, 10)));
        return Sequential(layers);
    }

    private static Sequential Convolutional()
    {
        var layers = new List<(string, Module<Tensor, Tensor>)> { ("stem", Conv2d(3, 16, 3, padding: 1)) };
        for (var i = 0; i < 6; i++)
        {
            layers.Add(($"block{i}", new GradLint.Runtime.Modules.Residual(Sequential(
                ("conv", Conv2d(16, 16, 3, padding: 1)), ("norm", BatchNorm2d(16)), ("act", ReLU()), ("out", Conv2d(16, 16, 3, padding: 1))))));
        }

        layers.Add(("flat", Flatten()));
        layers.Add(("head", Linear(16 * 256, 10)));
        return Sequential(layers);
    }

    private sealed class LastStep : Module<Tensor, Tensor>
    {
        private readonly LSTM lstm = LSTM(32, 128, numLayers: 2, batchFirst: true);
        private readonly Linear head = Linear(128, 10);

        public LastStep() : base(nameof(LastStep)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            var (output, _, _) = lstm.call(x);
            return head.call(output.select(1, output.shape[1] - 1));
        }
    }

    private sealed class Encoder : Module<Tensor, Tensor>
    {
        private readonly ModuleList<TransformerEncoderLayer> layers = new();
        private readonly Linear head = Linear(64, 10);

        public Encoder() : base(nameof(Encoder))
        {
            for (var i = 0; i < 4; i++)
                layers.Add(TransformerEncoderLayer(64, 4, dim_feedforward: 128, dropout: 0));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            foreach (var layer in layers)
                x = layer.call(x, null!, null!);
            return head.call(x.mean([0]));
        }
    }
}
