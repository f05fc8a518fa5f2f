using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>The models the tests measure.</summary>
internal static class Models
{
    /// <summary><paramref name="hidden"/> hidden layers of one width, each followed by an activation, and a linear head.</summary>
    public static Sequential Stack(int hidden, int width, Func<Module<Tensor, Tensor>> activation, int inputs = 64, int outputs = 10)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < hidden; i++)
        {
            layers.Add(($"fc{i}", Linear(i == 0 ? inputs : width, width)));
            layers.Add(($"act{i}", activation()));
        }

        layers.Add(("head", Linear(width, outputs)));
        return Sequential(layers);
    }

    /// <summary>One trunk and two heads; the loss decides which of them gets the larger gradient.</summary>
    public sealed class TwoHeads : Module<Tensor, Tensor>
    {
        private readonly Linear trunk = Linear(8, 8);
        private readonly Linear first = Linear(8, 4);
        private readonly Linear second = Linear(8, 4);

        public TwoHeads() : base(nameof(TwoHeads)) => RegisterComponents();

        public double FirstScale { get; init; } = 1;

        public override Tensor forward(Tensor x)
        {
            using var hidden = trunk.call(x).tanh();
            return cat([first.call(hidden) * FirstScale, second.call(hidden)], 1);
        }
    }

    /// <summary>One trunk, and two heads returned apart.</summary>
    public sealed class PairOfHeads : Module<Tensor, (Tensor, Tensor)>
    {
        private readonly Linear trunk = Linear(8, 8);
        private readonly Linear first = Linear(8, 4);
        private readonly Linear second = Linear(8, 4);

        public PairOfHeads() : base(nameof(PairOfHeads)) => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor x)
        {
            var hidden = trunk.call(x).tanh();
            return (first.call(hidden), second.call(hidden));
        }
    }

    /// <summary>Calls its layers' <c>forward</c>, which runs no hooks.</summary>
    public sealed class WithoutHooks : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(8, 8);
        private readonly Linear head = Linear(8, 4);

        public WithoutHooks() : base(nameof(WithoutHooks)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.forward(hidden.forward(x).tanh());
    }

    /// <summary>A small convolutional classifier of 8×8 images with every kind of layer that has state.</summary>
    public static Sequential Convolutional(double dropout = 0.2) => Sequential(
        ("conv1", Conv2d(1, 8, 3, padding: 1)), ("norm1", BatchNorm2d(8)), ("act1", ReLU(inplace: true)),
        ("conv2", Conv2d(8, 8, 3, padding: 1)), ("act2", ReLU()), ("pool", MaxPool2d(2)),
        ("flat", Flatten()), ("drop", Dropout(dropout)), ("head", Linear(8 * 4 * 4, 10)));

    /// <summary>Reads a sequence (batch, T, features) and classifies it by the last output.</summary>
    public sealed class Recurrent : Module<Tensor, Tensor>
    {
        private readonly LSTM lstm;
        private readonly Linear head;

        public Recurrent(int features, int hidden, int outputs, int layers = 2, double dropout = 0.2) : base(nameof(Recurrent))
        {
            lstm = LSTM(features, hidden, numLayers: layers, batchFirst: true, dropout: layers > 1 ? dropout : 0);
            head = Linear(hidden, outputs);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var (output, _, _) = lstm.call(x);
            return head.call(output.select(1, output.shape[1] - 1));
        }
    }
}
