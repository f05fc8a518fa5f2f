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
    private const int MostTaps = 128;

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
            var (taps, share) = Taps(kernel[d]);
            foreach (var tap in taps)
            {
                var served = padding is null ? output[d] : Served(input[d], output[d], stride[d], (tap * dilation[d]) - padding[d]);
                sum += served * share;
                squared += served * served * share;
            }

            (inputs, outputs, uses, squares) = (inputs * input[d], outputs * output[d], uses * sum, squares * squared);
        }

        return new(inputs, outputs, uses, squares, BorderPattern(input, output, kernel, stride, padding, dilation));
    }

    /// <summary>
    /// Both moments of positions and both of taps are products over dimensions, so that tr G and tr(G²) are differences of such
    /// products: of taps i and j read jointly at a share b(i, j) of positions, G(i, j) = Π b(i, j) − Π b(i)·b(j).
    /// </summary>
    private static double BorderPattern(double[] input, double[] output, double[] kernel, double[] stride, double[]? padding, double[] dilation)
    {
        if (padding is null) return 1;
        double joint = 1, apart = 1, jointSquared = 1, mixed = 1, apartSquared = 1;
        for (var d = 0; d < input.Length; d++)
        {
            var (taps, share) = Taps(kernel[d]);
            var reads = Array.ConvertAll(taps, tap => Both(d, tap, tap));
            double sum = 0, squares = 0, pairs = 0, products = 0;
            for (var i = 0; i < taps.Length; i++)
            {
                sum += reads[i] * share;
                squares += reads[i] * reads[i] * share;
                for (var j = 0; j < taps.Length; j++)
                {
                    var both = Both(d, taps[i], taps[j]);
                    pairs += both * both * share * share;
                    products += both * reads[i] * reads[j] * share * share;
                }
            }

            (joint, apart, jointSquared, mixed, apartSquared) = (joint * sum, apart * squares, jointSquared * pairs, mixed * products, apartSquared * squares * squares);
        }

        double trace = joint - apart, traceOfSquare = jointSquared - (2 * mixed) + apartSquared;
        // What is left of the difference below this is rounding: every tap reads at every position.
        return traceOfSquare > 1e-12 * jointSquared ? trace * trace / traceOfSquare : 1;

        // The share of a dimension's positions at which two taps both read. Each serves one run of positions, so what either serves runs from the first to the last.
        double Both(int d, double one, double other)
        {
            double low = (Math.Min(one, other) * dilation[d]) - padding[d], high = (Math.Max(one, other) * dilation[d]) - padding[d];
            var either = Math.Max(0, Math.Max(Last(low), Last(high)) - Math.Min(First(low), First(high)) + 1);
            return Math.Max(0, Served(input[d], output[d], stride[d], low) + Served(input[d], output[d], stride[d], high) - either) / output[d];

            double First(double offset) => Math.Max(0, Math.Ceiling(-offset / stride[d]));
            double Last(double offset) => Math.Min(output[d] - 1, Math.Floor((input[d] - 1 - offset) / stride[d]));
        }
    }

    /// <summary>The taps of a kernel along one dimension, and how many each stands for: of long kernels some, evenly spaced.</summary>
    private static (double[] Taps, double Share) Taps(double count)
    {
        var taken = (int)Math.Min(count, MostTaps);
        return ([.. Enumerable.Range(0, taken).Select(i => Math.Floor((i + 0.5) * count / taken))], count / taken);
    }

    /// <summary>Outputs o in [0, output) with 0 ≤ o·stride + offset &lt; input.</summary>
    private static double Served(double input, double output, double stride, double offset)
    {
        var first = Math.Max(0, Math.Ceiling(-offset / stride));
        var last = Math.Min(output - 1, Math.Floor((input - 1 - offset) / stride));
        return Math.Max(0, last - first + 1);
    }
}
