using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Modules;

/// <summary>x + f(x) whose branch is left out at random, sample by sample, while training: short paths for the gradient.</summary>
/// <remarks>Huang et al., Deep networks with stochastic depth, 2016.</remarks>
public sealed class StochasticDepth : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> branch;
    private readonly double _dropProbability;

    /// <param name="branch">f; its output has the shape of its input, batch first.</param>
    /// <param name="dropProbability">How likely a sample skips the branch, in [0, 1).</param>
    /// <exception cref="ArgumentException">The probability is out of its range.</exception>
    public StochasticDepth(nn.Module<Tensor, Tensor> branch, double dropProbability) : base(nameof(StochasticDepth))
    {
        Option.Require(dropProbability is >= 0 and < 1, nameof(dropProbability), dropProbability, "at least 0 and below 1");
        this.branch = branch;
        _dropProbability = dropProbability;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var change = branch.call(input);
        if (!training || _dropProbability == 0)
            return input + change;

        var shape = Enumerable.Repeat(1L, (int)input.ndim).ToArray();
        shape[0] = input.shape[0];
        using var drawn = rand(shape, input.dtype, input.device);
        using var kept = drawn.ge(_dropProbability);
        using var factor = kept.to(input.dtype).mul_(1 / (1 - _dropProbability));
        using var scaled = change * factor;
        return input + scaled;
    }
}
