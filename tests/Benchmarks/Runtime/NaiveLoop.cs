using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Benchmarks.Runtime;

/// <summary>The statistics of a sampled step as people write them: each read by <c>item()</c> as soon as it is computed.</summary>
/// <param name="ofModules">Whether module outputs and weight updates are among them, or parameters alone.</param>
internal sealed class NaiveLoop(bool ofModules)
{
    private readonly List<Tensor> _outputs = [];
    private readonly Dictionary<string, Tensor> _before = [];
    private readonly List<Action> _removers = [];
    private HashSet<string>? _weightsWithRows;

    public void Attach(Module model)
    {
        _weightsWithRows ??= [.. model.named_modules().Where(entry => entry.module is TorchSharp.Modules.Linear or TorchSharp.Modules.Conv2d).Select(entry => $"{entry.name}.weight")];
        if (!ofModules)
            return;
        foreach (var (_, module) in model.named_modules())
        {
            switch (module)
            {
                case TorchSharp.Modules.Sequential:
                    break;
                case Module<Tensor, Tensor> unary:
                    _removers.Add(unary.register_forward_hook((_, _, output) => Observe(module, output)).remove);
                    break;
                case Module<Tensor, Tensor, Tensor, Tensor> ternary:
                    _removers.Add(ternary.register_forward_hook((_, _, _, _, output) => Observe(module, output)).remove);
                    break;
                case TorchSharp.Modules.LSTM lstm:
                    _removers.Add(lstm.register_forward_hook((_, _, _, result) => (Observe(module, result.Item1), result.Item2, result.Item3)).remove);
                    break;
            }
        }
    }

    public void Detach()
    {
        foreach (var remove in _removers)
            remove();
        _removers.Clear();
    }

    public void AfterBackward(Module model, Tensor loss)
    {
        using var mode = no_grad();
        _ = loss.item<float>();
        foreach (var output in _outputs)
        {
            using var gradient = output.grad;
            _ = gradient?.norm().item<float>();
            output.Dispose();
        }

        _outputs.Clear();
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is not { } gradient)
                continue;
            _ = gradient.norm().item<float>();
            _ = gradient.abs().max().item<float>();
            _ = parameter.norm().item<float>();
            if (_weightsWithRows!.Contains(name))
                _ = gradient.flatten(1).abs().amax(1L).le(0).to(ScalarType.Float32).mean().item<float>();
            if (ofModules && gradient.ndim > 1)
                _before[name] = parameter.detach().clone().DetachFromDisposeScope();
        }
    }

    public void AfterStep(Module model)
    {
        if (!ofModules)
            return;
        using var mode = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (!_before.Remove(name, out var before))
                continue;
            using var scope = NewDisposeScope();
            _ = (parameter - before).norm().item<float>();
            before.Dispose();
        }
    }

    private Tensor Observe(Module module, Tensor output)
    {
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            _ = output.mean().item<float>();
            _ = output.std().item<float>();
            if (module is TorchSharp.Modules.ReLU)
                _ = output.amax(output.ndim > 2 ? [0L, 2, 3] : [0L]).le(0).to(ScalarType.Float32).mean().item<float>();
        }

        var kept = output.alias().DetachFromDisposeScope();
        kept.retain_grad();
        _outputs.Add(kept);
        return kept.clone();
    }
}
