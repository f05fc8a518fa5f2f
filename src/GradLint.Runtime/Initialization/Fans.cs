using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Initialization;

internal static class Fans
{
    /// <summary>The weight of a linear layer or convolution, with how many inputs make an output and how many outputs take an input.</summary>
    public static (Tensor Weight, long FanIn, long FanOut)? Of(nn.Module module)
    {
        Tensor? weight = module switch
        {
            Linear or Conv1d or Conv2d or Conv3d or ConvTranspose1d or ConvTranspose2d or ConvTranspose3d =>
                module.named_parameters(recurse: false).First(entry => entry.name == "weight").parameter,
            _ => null,
        };
        if (weight is null)
            return null;

        var shape = weight.shape;
        var kernel = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        var (first, second) = (shape[0] * kernel, shape[1] * kernel);
        // A transposed convolution's weight has the input channels first.
        return module is ConvTranspose1d or ConvTranspose2d or ConvTranspose3d ? (weight, first, second) : (weight, second, first);
    }
}
