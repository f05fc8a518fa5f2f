using GradLint.Core.Model;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation;

/// <summary>Kernel, stride, padding and dilation of convolutions and pools, as TorchSharp reads them.</summary>
internal static class SpatialArguments
{
    public static int Dimensions(LayerKind kind) => kind switch
    {
        LayerKind.Conv1d or LayerKind.ConvTranspose1d or LayerKind.MaxPool1d or LayerKind.AvgPool1d or LayerKind.AdaptiveMaxPool1d or LayerKind.AdaptiveAvgPool1d => 1,
        LayerKind.Conv3d or LayerKind.ConvTranspose3d or LayerKind.MaxPool3d or LayerKind.AvgPool3d or LayerKind.AdaptiveMaxPool3d or LayerKind.AdaptiveAvgPool3d => 3,
        _ => 2,
    };

    public static bool IsTransposed(LayerKind kind) => kind is LayerKind.ConvTranspose1d or LayerKind.ConvTranspose2d or LayerKind.ConvTranspose3d;

    public static bool IsPool(LayerKind kind) =>
        kind is LayerKind.MaxPool1d or LayerKind.MaxPool2d or LayerKind.MaxPool3d or LayerKind.AvgPool1d or LayerKind.AvgPool2d or LayerKind.AvgPool3d;

    public static double? Groups(GraphNode node) => node.Arguments.IsUnknown("groups") ? null : node.Arguments.Integer("groups") ?? 1;

    /// <summary>Sizes of the output's positions; null when an argument is unknown or nothing is left.</summary>
    public static double[]? OutputSizes(GraphNode node, double[] input)
    {
        var dimensions = Dimensions(node.Kind);
        if (input.Length != dimensions
            || Numbers(node, "kernel_size", dimensions, null) is not { } kernel
            || Numbers(node, "stride", dimensions, IsPool(node.Kind) ? kernel : Repeat(1)) is not { } stride
            || Padding(node, kernel) is not { } padding
            || Numbers(node, "dilation", dimensions, Repeat(1)) is not { } dilation
            || Numbers(node, "output_padding", dimensions, Repeat(0)) is not { } extra) return null;

        var output = new double[dimensions];
        for (var d = 0; d < dimensions; d++)
        {
            var extent = (dilation[d] * (kernel[d] - 1)) + 1;
            var free = input[d] + (2 * padding[d]) - extent;
            output[d] = IsTransposed(node.Kind) ? ((input[d] - 1) * stride[d]) - (2 * padding[d]) + extent + extra[d]
                : node.Arguments.Text("padding") is "Same" ? input[d]
                : (node.Arguments.Flag("ceil_mode") == true ? Math.Ceiling(free / stride[d]) : Math.Floor(free / stride[d])) + 1;
            if (output[d] < 1) return null;
        }

        return output;

        double[] Repeat(double value) => Enumerable.Repeat(value, dimensions).ToArray();
    }

    public static ConvolutionGeometry? Geometry(GraphNode node, TensorShape input, TensorShape output)
    {
        var dimensions = Dimensions(node.Kind);
        var ones = Enumerable.Repeat(1.0, dimensions).ToArray();
        if (Numbers(node, "kernel_size", dimensions, null) is not { } kernel || Numbers(node, "stride", dimensions, ones) is not { } stride
            || Padding(node, kernel) is not { } padding || Numbers(node, "dilation", dimensions, ones) is not { } dilation) return null;
        double[] from = Positions(input), to = Positions(output);
        if (from.Length != dimensions || to.Length != dimensions) return null;
        var wraps = node.Arguments.Text("padding_mode") is { } mode && mode != "Zeros";
        return IsTransposed(node.Kind)
            ? ConvolutionGeometry.Of(to, from, kernel, stride, padding, dilation).Transposed()
            : ConvolutionGeometry.Of(from, to, kernel, stride, wraps ? null : padding, dilation);
    }

    /// <summary>Positions in a pooling window.</summary>
    public static double Window(GraphNode node, TensorShape input, TensorShape output) =>
        IsPool(node.Kind) && Numbers(node, "kernel_size", Dimensions(node.Kind), null) is { } kernel
            ? kernel.Aggregate((product, size) => product * size)
            : input.Positions / output.Positions;

    /// <summary>Sizes after an upsampling, by <c>size</c> or <c>scale_factor</c>; null when neither is known.</summary>
    public static double[]? UpsampledSizes(GraphNode node, TensorShape input)
    {
        var positions = Positions(input);
        if (Numbers(node, "size", positions.Length, null) is { } sizes) return sizes;
        return Numbers(node, "scale_factor", positions.Length, null) is { } factors ? positions.Zip(factors, (size, factor) => Math.Floor(size * factor)).ToArray()
            : node.Arguments.Number("scale_factor") is { } even ? positions.Select(size => Math.Floor(size * even)).ToArray() : null;
    }

    public static double[] Positions(TensorShape shape) => shape.Axes.Where(a => a.Role == AxisRole.Position).Select(a => a.Size).ToArray();

    /// <summary>An argument of one number a dimension; null when unknown.</summary>
    public static double[]? Numbers(GraphNode node, string name, int dimensions, double[]? otherwise)
    {
        if (node.Arguments.IsUnknown(name)) return null;
        if (node.Arguments.Sizes(name, dimensions) is not { } sizes) return node.Arguments[name] is null or string ? otherwise : null;
        return sizes.Count == dimensions && sizes.All(s => s is not null) ? sizes.Select(s => (double)s!.Value).ToArray() : null;
    }

    /// <summary>A number a side; "Same" pads what the kernel needs, "Valid" nothing.</summary>
    private static double[]? Padding(GraphNode node, double[] kernel) => node.Arguments.Text("padding") switch
    {
        "Same" => kernel.Select((size, d) => Math.Floor((size - 1) / 2 * (Numbers(node, "dilation", kernel.Length, null)?[d] ?? 1))).ToArray(),
        _ => Numbers(node, "padding", kernel.Length, new double[kernel.Length]),
    };
}
