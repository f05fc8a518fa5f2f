using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Samples;

/// <summary>Reads an image pixel by pixel and names the digit at the end. What it read first is forgotten by then.</summary>
internal sealed class PixelReader : Module<Tensor, Tensor>
{
    private const int Units = 64;

    private readonly RNN memory = RNN(1, Units, batchFirst: true);
    private readonly Linear head = Linear(Units, 10);

    public PixelReader() : base(nameof(PixelReader)) => RegisterComponents();

    /// <summary>[batch, 64] pixels to [batch, 10] logits.</summary>
    public override Tensor forward(Tensor input)
    {
        var (states, _) = memory.call(input.unsqueeze(2));
        return head.call(states[.., -1]);
    }
}
