using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>Inputs and parameters that need no seed, all in double precision, and the check of gradients against differences.</summary>
internal static class Deterministic
{
    public static Tensor Wave(params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = Math.Sin(0.7 * i + 0.3) + 0.2 * Math.Cos(2.3 * i);
        return torch.tensor(values).reshape(shape);
    }

    /// <summary>Gives a module double precision and parameters that differ from each other.</summary>
    public static T Settled<T>(this T module) where T : Module
    {
        module.to(float64);
        using var _ = no_grad();
        var number = 0;
        foreach (var parameter in module.parameters())
        {
            using var values = Wave(parameter.shape);
            parameter.copy_(values * 0.5 + 0.07 * ++number);
        }
        return module;
    }

    /// <summary>Autograd's gradients of a scalar against central differences, for every element of every tensor.</summary>
    public static void AssertGradients(Func<Tensor> scalar, params Tensor[] tensors)
    {
        const double Step = 1e-6;
        using var scope = NewDisposeScope();
        foreach (var tensor in tensors) tensor.grad = null;
        scalar().backward();
        foreach (var tensor in tensors)
        {
            var gradient = tensor.grad is { } found ? found.contiguous().Values() : new double[tensor.numel()];
            using var _ = no_grad();
            var flat = tensor.view(-1);
            for (var i = 0L; i < flat.shape[0]; i++)
            {
                var value = flat[i].item<double>();
                flat[i] = torch.tensor(value + Step);
                var above = scalar().item<double>();
                flat[i] = torch.tensor(value - Step);
                var below = scalar().item<double>();
                flat[i] = torch.tensor(value);
                var expected = (above - below) / (2 * Step);
                Assert.True(Math.Abs(expected - gradient[i]) <= 2e-5 * (1 + Math.Abs(expected)),
                    $"element {i} of [{string.Join(',', tensor.shape)}]: difference {expected:g9}, autograd {gradient[i]:g9}");
            }
        }
    }

    /// <summary>A scalar that every element of an output moves differently.</summary>
    public static Tensor Weighed(this Tensor output) => (output * Wave(output.shape)).sum();
}
