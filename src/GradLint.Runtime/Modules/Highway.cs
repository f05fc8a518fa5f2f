using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Modules;

/// <summary>t⊙f(x) + (1 − t)⊙x with a gate t = σ(W x + b) that begins mostly closed.</summary>
/// <remarks>Srivastava et al., Training very deep networks, 2015.</remarks>
public sealed class Highway : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> transform;
    private readonly Linear gate;

    /// <param name="size">Features of the last axis of x.</param>
    /// <param name="transform">f; its output has the shape of its input.</param>
    /// <param name="gateBias">What the gate's bias begins with: −2 passes 88 % of x.</param>
    public Highway(long size, nn.Module<Tensor, Tensor> transform, double gateBias = -2) : base(nameof(Highway))
    {
        this.transform = transform;
        gate = nn.Linear(size, size);
        using (no_grad())
            nn.init.constant_(gate.bias!, gateBias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var open = gate.call(input);
        using var share = open.sigmoid();
        using var changed = transform.call(input);
        using var taken = share * changed;
        using var negative = -share;
        using var rest = negative + 1;
        using var passed = rest * input;
        return taken + passed;
    }
}
