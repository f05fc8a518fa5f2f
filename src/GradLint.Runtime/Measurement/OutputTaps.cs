using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>One output of one module in one forward pass.</summary>
/// <param name="Path">The module's path; empty for the model itself.</param>
/// <param name="Module">The module.</param>
/// <param name="Output">An alias of the output that retains its gradient.</param>
/// <param name="Input">An alias of the input where it was asked for, else null.</param>
internal sealed record TappedOutput(string Path, nn.Module Module, Tensor Output, Tensor? Input) : IDisposable
{
    public void Dispose()
    {
        Output.Dispose();
        Input?.Dispose();
    }
}

/// <summary>
/// Forward hooks on every module that has them, which keep each output in reach until its gradient is known.
/// Values, gradients and random numbers of the training step are the same with and without them.
/// </summary>
/// <remarks>
/// The hook keeps an alias of the output and returns a clone. The alias itself cannot be returned: Sequential would dispose
/// of it, and a following in-place activation would write through it. Hooks fire on <c>call</c>, not on <c>forward</c>.
/// </remarks>
internal sealed class OutputTaps : IDisposable
{
    private readonly List<Action> _removers = [];
    private readonly List<TappedOutput> _outputs = [];
    // A validation pass with gradients on must not pile up graphs, nor a cell that runs once a time step.
    private const int PassesKept = 4;

    private readonly Dictionary<nn.Module, Queue<TappedOutput>> _passes = new(ReferenceEqualityComparer.Instance);
    private readonly Func<nn.Module, bool> _keepsInput;

    /// <param name="model">The model to watch.</param>
    /// <param name="keepsInput">Of which modules the input is kept too.</param>
    /// <param name="whenReturned">Told when the model's own <c>call</c> has run, while the graph is still there.</param>
    public OutputTaps(nn.Module model, Func<nn.Module, bool> keepsInput, Action<OutputTaps>? whenReturned = null)
    {
        _keepsInput = keepsInput;
        var seen = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        foreach (var (path, module) in model.named_modules().Prepend(("", model)))
        {
            // What a Sequential returns is what its last child returned.
            if (seen.Add(module) && module is not Sequential)
                Attach(module, output => Tap(path, module, output.Input, output.Value));
        }

        if (whenReturned is not null)
            Attach(model, output => Tell(whenReturned, output.Value));
    }

    /// <summary>The outputs of all passes since the hooks were attached, in the order they were computed.</summary>
    public IReadOnlyList<TappedOutput> Outputs => _outputs;

    /// <summary>The first thing that went wrong in a hook; training went on untapped there.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes the hooks off; the outputs stay.</summary>
    public void Detach()
    {
        foreach (var remove in _removers)
            remove();
        _removers.Clear();
    }

    public void Dispose()
    {
        Detach();
        foreach (var output in _outputs)
            output.Dispose();
        _outputs.Clear();
        _passes.Clear();
    }

    private void Attach(nn.Module module, Func<(Tensor Input, Tensor Value), Tensor> hook)
    {
        switch (module)
        {
            case nn.Module<Tensor, Tensor> unary:
                Add(unary.register_forward_hook((_, input, output) => hook((input, output))));
                break;
            case nn.Module<Tensor, Tensor, Tensor> binary:
                Add(binary.register_forward_hook((_, input, _, output) => hook((input, output))));
                break;
            case nn.Module<Tensor, Tensor, Tensor, Tensor> ternary:
                Add(ternary.register_forward_hook((_, input, _, _, output) => hook((input, output))));
                break;
            case nn.Module<Tensor, (Tensor, Tensor)> pair:
                Add(pair.register_forward_hook((_, input, result) => (hook((input, result.Item1)), hook((input, result.Item2)))));
                break;
            case nn.Module<Tensor, (Tensor, Tensor, Tensor)> triple:
                Add(triple.register_forward_hook(
                    (_, input, result) => (hook((input, result.Item1)), hook((input, result.Item2)), hook((input, result.Item3)))));
                break;
            case nn.Module<Tensor, Tensor?, (Tensor, Tensor)> recurrent:
                Add(recurrent.register_forward_hook((_, input, _, result) => (hook((input, result.Item1)), result.Item2)));
                break;
            case nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> lstm:
                Add(lstm.register_forward_hook((_, input, _, result) => (hook((input, result.Item1)), result.Item2, result.Item3)));
                break;
        }
    }

    private Tensor Tell(Action<OutputTaps> whenReturned, Tensor output)
    {
        try
        {
            if (is_grad_enabled() && output is { requires_grad: true })
                whenReturned(this);
        }
        catch (Exception exception)
        {
            Failure ??= exception;
        }

        return output;
    }

    private void Add<TPre, TPost>(nn.HookableModule<TPre, TPost>.HookRemover remover) => _removers.Add(remover.remove);

    private Tensor Tap(string path, nn.Module module, Tensor input, Tensor output)
    {
        try
        {
            // An output of an evaluation or of a part without gradient is none of the training step.
            if (output is null || !is_grad_enabled() || !output.requires_grad)
                return output!;

            var alias = output.alias().DetachFromDisposeScope();
            alias.retain_grad();
            Keep(new(path, module, alias, _keepsInput(module) ? input.alias().DetachFromDisposeScope() : null));
            return alias.clone();
        }
        catch (Exception exception)
        {
            Failure ??= exception;
            return output;
        }
    }

    private void Keep(TappedOutput output)
    {
        if (!_passes.TryGetValue(output.Module, out var passes))
            _passes[output.Module] = passes = new();
        if (passes.Count == PassesKept)
        {
            var oldest = passes.Dequeue();
            _outputs.Remove(oldest);
            oldest.Dispose();
        }

        passes.Enqueue(output);
        _outputs.Add(output);
    }
}
