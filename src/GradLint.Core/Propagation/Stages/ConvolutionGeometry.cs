namespace GradLint.Core.Propagation.Stages;

/// <summary>How many output positions each tap of a kernel serves: fewer at the border, the fewer the wider the stride.</summary>
/// <param name="InputPositions">Positions on the side the kernel reads.</param>
/// <param name="OutputPositions">Positions on the side it writes.</param>
/// <param name="Uses">Σ over taps of the output positions it serves.</param>
/// <param name="SquaredUses">Σ over taps of the square of that.</param>
internal sealed record ConvolutionGeometry(double InputPositions, double OutputPositions, double Uses, double SquaredUses)
{
    /// <summary>Taps of a position that read within the input, in the mean over output positions.</summary>
    public double TapsPerOutput => Uses / OutputPositions;

    /// <summary>Taps that two different output positions both have.</summary>
    public double CommonTapsPerOutput => OutputPositions > 1 ? (SquaredUses - Uses) / (OutputPositions * (OutputPositions - 1)) : 0;

    /// <summary>Outputs an input position enters.</summary>
    public double TapsPerInput => Uses / InputPositions;

    public double CommonTapsPerInput => InputPositions > 1 ? (SquaredUses - Uses) / (InputPositions * (InputPositions - 1)) : 0;

    /// <summary>The same connections read the other way: a transposed convolution.</summary>
    public ConvolutionGeometry Transposed() => new(OutputPositions, InputPositions, Uses, SquaredUses);

    /// <param name="input">Sizes per dimension.</param>
    /// <param name="output">Sizes per dimension.</param>
    /// <param name="kernel">Taps per dimension.</param>
    /// <param name="stride">Per dimension.</param>
    /// <param name="padding">Per dimension; null when the border repeats or wraps the input, so that every tap reads something.</param>
    /// <param name="dilation">Per dimension.</param>
    public static ConvolutionGeometry Of(double[] input, double[] output, double[] kernel, double[] stride, double[]? padding, double[] dilation)
    {
        double inputs = 1, outputs = 1, uses = 1, squares = 1;
        for (var d = 0; d < input.Length; d++)
        {
            double sum = 0, squared = 0;
            for (var tap = 0; tap < kernel[d]; tap++)
            {
                var served = padding is null ? output[d] : Served(input[d], output[d], stride[d], (tap * dilation[d]) - padding[d]);
                sum += served;
                squared += served * served;
            }

            (inputs, outputs, uses, squares) = (inputs * input[d], outputs * output[d], uses * sum, squares * squared);
        }

        return new(inputs, outputs, uses, squares);
    }

    /// <summary>Outputs o in [0, output) with 0 ≤ o·stride + offset &lt; input.</summary>
    private static double Served(double input, double output, double stride, double offset)
    {
        var first = Math.Max(0, Math.Ceiling(-offset / stride));
        var last = Math.Min(output - 1, Math.Floor((input - 1 - offset) / stride));
        return Math.Max(0, last - first + 1);
    }
}
