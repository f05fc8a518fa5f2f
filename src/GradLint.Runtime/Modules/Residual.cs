using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Modules;

/// <summary>x + scale·f(x): the gradient reaches x undiminished, whatever f does to its share.</summary>
/// <remarks>He et al., Deep residual learning for image recognition, 2016.</remarks>
public sealed class Residual : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> branch;
    private readonly nn.Module<Tensor, Tensor>? shortcut;
    private readonly double _scale;

    /// <param name="branch">f; its output has the shape of its input, or of what <paramref name="shortcut"/> makes of it.</param>
    /// <param name="shortcut">Fits x to f(x) where their shapes differ, such as a 1×1 convolution; null for x itself.</param>
    /// <param name="scale">Factor of the branch; 1/√depth keeps the variance of very deep stacks bounded.</param>
    public Residual(nn.Module<Tensor, Tensor> branch, nn.Module<Tensor, Tensor>? shortcut = null, double scale = 1) : base(nameof(Residual))
    {
        this.branch = branch;
        this.shortcut = shortcut;
        _scale = scale;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var change = branch.call(input);
        if (shortcut is null)
            return input.add(change, _scale);
        using var passed = shortcut.call(input);
        return passed.add(change, _scale);
    }
}
