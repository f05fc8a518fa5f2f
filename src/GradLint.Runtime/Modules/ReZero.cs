using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Modules;

/// <summary>x + α·f(x) with a trained α that begins at 0: the block is the identity at first, at any depth.</summary>
/// <remarks>Bachlechner et al., ReZero is all you need, 2020. In the first step the gradient of f's weights is exactly 0.</remarks>
public sealed class ReZero : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> branch;
    private readonly Parameter alpha;

    /// <param name="branch">f; its output has the shape of its input.</param>
    public ReZero(nn.Module<Tensor, Tensor> branch) : base(nameof(ReZero))
    {
        this.branch = branch;
        alpha = new Parameter(zeros(1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var change = branch.call(input);
        using var scaled = change * alpha;
        return input + scaled;
    }
}
