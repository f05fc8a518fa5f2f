using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Initialization;

/// <summary>Runs a model once and watches its modules.</summary>
internal static class CallOrder
{
    /// <summary>The modules with one tensor in and one out, in the order in which they are called; each once.</summary>
    public static IReadOnlyList<nn.Module> Of(nn.Module<Tensor, Tensor> model, Tensor sample)
    {
        var called = new List<nn.Module>();
        Run(model, sample, (module, _) =>
        {
            if (!called.Contains(module))
                called.Add(module);
        });
        return called;
    }

    /// <summary>The standard deviation of one module's output; 0 when it was not called.</summary>
    public static double OutputDeviation(nn.Module<Tensor, Tensor> model, Tensor sample, nn.Module layer)
    {
        var deviation = 0.0;
        Run(model, sample, (module, output) =>
        {
            if (module == layer)
                deviation = output.to(ScalarType.Float32).std(unbiased: false).item<float>();
        });
        return deviation;
    }

    private static void Run(nn.Module<Tensor, Tensor> model, Tensor sample, Action<nn.Module, Tensor> watch)
    {
        var removers = new List<Action>();
        try
        {
            foreach (var module in model.modules().Prepend(model).OfType<nn.Module<Tensor, Tensor>>().Distinct())
            {
                var remover = module.register_forward_hook((called, _, output) =>
                {
                    watch(called, output);
                    return output;
                });
                removers.Add(remover.remove);
            }

            using var scope = NewDisposeScope();
            model.call(sample);
        }
        finally
        {
            removers.ForEach(remove => remove());
        }
    }
}
