namespace GradLint.Core.Propagation.Stages;

/// <summary>How many output positions each tap of a kernel serves: fewer at the border, the fewer the wider the stride.</summary>
/// <param name="InputPositions">Positions on the side the kernel reads.</param>
/// <param name="OutputPositions">Positions on the side it writes.</param>
/// <param name="Uses">Σ over taps of the output positions it serves.</param>
/// <param name="SquaredUses">Σ over taps of the square of that.</param>
/// <param name="BorderDegrees">
/// How many independent numbers make up the pattern that missing taps leave on a constant: (tr G)²/tr(G²), G the covariances over
/// positions of which taps read.
/// </param>
internal sealed record ConvolutionGeometry(double InputPositions, double OutputPositions, double Uses, double SquaredUses, double BorderDegrees)
{
    /// <summary>Taps of a position that read within the input, in the mean over output positions.</summary>
    public double TapsPerOutput => Uses / OutputPositions;

    /// <summary>Taps that two different output positions both have.</summary>
    public double CommonTapsPerOutput => OutputPositions > 1 ? (SquaredUses - Uses) / (OutputPositions * (OutputPositions - 1)) : 0;

    /// <summary>Outputs an input position enters.</summary>
    public double TapsPerInput => Uses / InputPositions;

    public double CommonTapsPerInput => InputPositions > 1 ? (SquaredUses - Uses) / (InputPositions * (InputPositions - 1)) : 0;

    /// <summary>The same connections read the other way: a transposed convolution.</summary>
    public ConvolutionGeometry Transposed() => new(OutputPositions, InputPositions, Uses, SquaredUses, BorderDegrees);

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

        return new(inputs, outputs, uses, squares, BorderPattern(input, output, kernel, stride, padding, dilation));
    }

    private static double BorderPattern(double[] input, double[] output, double[] kernel, double[] stride, double[]? padding, double[] dilation)
    {
        if (padding is null) return 1;
        // By dimension: the share of positions at which two taps both read, and at which each does.
        var both = new double[input.Length][,];
        for (var d = 0; d < input.Length; d++)
        {
            var taps = (int)kernel[d];
            both[d] = new double[taps, taps];
            for (var i = 0; i < taps; i++)
            {
                for (var j = 0; j < taps; j++)
                {
                    double low = (Math.Min(i, j) * dilation[d]) - padding[d], high = (Math.Max(i, j) * dilation[d]) - padding[d];
                    both[d][i, j] = Math.Max(0, Served(input[d], output[d], stride[d], low) + Served(input[d], output[d], stride[d], high) - Either(d, low, high)) / output[d];
                }
            }
        }

        double trace = 0, squared = 0;
        var count = kernel.Aggregate(1, (product, size) => product * (int)size);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                double joint = 1, apart = 1;
                for (int d = 0, a = i, b = j; d < input.Length; d++)
                {
                    int size = (int)kernel[d], ia = a % size, ib = b % size;
                    joint *= both[d][ia, ib];
                    apart *= both[d][ia, ia] * both[d][ib, ib];
                    (a, b) = (a / size, b / size);
                }

                var covariance = joint - apart;
                squared += covariance * covariance;
                if (i == j) trace += covariance;
            }
        }

        return squared > 0 ? trace * trace / squared : 1;

        // Outputs that at least one of two taps serves: both serve one run of positions, so the union runs from the first to the last.
        double Either(int d, double low, double high)
        {
            var first = Math.Min(First(low), First(high));
            var last = Math.Max(Last(low), Last(high));
            return Math.Max(0, last - first + 1);

            double First(double offset) => Math.Max(0, Math.Ceiling(-offset / stride[d]));
            double Last(double offset) => Math.Min(output[d] - 1, Math.Floor((input[d] - 1 - offset) / stride[d]));
        }
    }

    /// <summary>Outputs o in [0, output) with 0 ≤ o·stride + offset &lt; input.</summary>
    private static double Served(double input, double output, double stride, double offset)
    {
        var first = Math.Max(0, Math.Ceiling(-offset / stride));
        var last = Math.Min(output - 1, Math.Floor((input - 1 - offset) / stride));
        return Math.Max(0, last - first + 1);
    }
}
