using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs.Faults;

/// <summary>The models that several faults are planted in.</summary>
internal static class FaultModels
{
    public static Sequential Convolutions(int count, Func<Module<Tensor, Tensor>> activation)
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

    public static Sequential Normalised(int depth)
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

    public static Sequential Drawn(Sequential model, double deviation)
    {
        using var mode = no_grad();
        foreach (var parameter in model.parameters().Where(parameter => parameter.ndim > 1))
            init.normal_(parameter, 0, deviation);
        return model;
    }

    public static Sequential Constant(Sequential model, double value)
    {
        using var mode = no_grad();
        foreach (var parameter in model.parameters())
            init.constant_(parameter, parameter.ndim > 1 ? value : 0);
        return model;
    }

    public static Sequential Biased(Sequential model, int layer, double bias)
    {
        using var mode = no_grad();
        init.constant_(model.parameters().ElementAt((2 * layer) + 1), bias);
        return model;
    }

    /// <summary>A recurrent layer whose last output is classified.</summary>
    public sealed class LastStep : Module<Tensor, Tensor>
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
}
