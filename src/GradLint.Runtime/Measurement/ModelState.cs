using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>
/// What a forward and backward pass changes in a model and around it (gradients, buffers, the random generator), taken
/// aside and put back on <see cref="Dispose"/>.
/// </summary>
internal sealed class ModelState : IDisposable
{
    private readonly List<(Tensor Parameter, Tensor? Gradient)> _gradients = [];
    private readonly List<(Tensor Buffer, Tensor Copy)> _buffers = [];
    private readonly Tensor _generator;

    /// <summary>Takes the state aside; every gradient is null from here on.</summary>
    public ModelState(nn.Module model, IEnumerable<LiveParameter> parameters)
    {
        _generator = get_rng_state().DetachFromDisposeScope();
        foreach (var (_, buffer) in model.named_buffers())
            _buffers.Add((buffer, buffer.clone().DetachFromDisposeScope()));
        foreach (var parameter in parameters)
        {
            _gradients.Add((parameter.Tensor, parameter.Tensor.grad?.DetachFromDisposeScope()));
            parameter.Tensor.grad = null;
        }
    }

    public void Dispose()
    {
        foreach (var (parameter, gradient) in _gradients)
        {
            parameter.grad = gradient;
            gradient?.Dispose();
        }

        using (no_grad())
        {
            foreach (var (buffer, copy) in _buffers)
            {
                buffer.copy_(copy);
                copy.Dispose();
            }
        }

        set_rng_state(_generator);
        _generator.Dispose();
    }
}
