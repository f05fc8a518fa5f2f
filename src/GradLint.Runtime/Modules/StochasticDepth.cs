using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Modules;

/// <summary>
/// x + f(x) whose branch is left out at random, sample by sample, while training: short paths for the gradient. In
/// evaluation every branch counts as often as it was kept: x + (1 − p)·f(x).
/// </summary>
/// <remarks>Huang et al., Deep networks with stochastic depth, 2016; p grows with depth there, from about 0 to 0.5.</remarks>
public sealed class StochasticDepth : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> branch;
    private readonly double _dropProbability;

    /// <param name="branch">f; its output has the shape of its input, batch first.</param>
    /// <param name="dropProbability">p: how likely a sample skips the branch, in [0, 1).</param>
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
        var sizes = Enumerable.Repeat(1L, (int)input.ndim).ToArray();
        sizes[0] = input.shape[0];
        using var samples = ones(sizes, input.dtype, input.device);

        // Dropout scales what it keeps by 1/(1 − p); of the branch it is to be taken as it is.
        using var kept = nn.functional.dropout(samples, _dropProbability, training);
        using var share = change * kept;
        return input.add(share, 1 - _dropProbability);
    }
}
