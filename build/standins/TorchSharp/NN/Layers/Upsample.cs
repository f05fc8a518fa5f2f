using System;
using System.Linq;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Upsample : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[]? sizes;
        private readonly double[]? factors;

        internal Upsample(long[]? size, double[]? scale_factor, UpsampleMode mode, bool? align_corners, bool? recompute_scale_factor) : base(nameof(Upsample)) =>
            (sizes, factors, this.mode, this.align_corners, this.recompute_scale_factor) = (size, scale_factor, mode, align_corners, recompute_scale_factor);

        public ReadOnlySpan<long> size => sizes;

        public ReadOnlySpan<double> scale_factor => factors;

        public UpsampleMode mode { get; }

        public bool? align_corners { get; }

        public bool? recompute_scale_factor { get; set; }

        public override Tensor forward(Tensor input) =>
            nn.functional.Resize(input, sizes, factors, (InterpolationMode)mode, align_corners ?? false, recompute_scale_factor ?? false);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public enum UpsampleMode
        {
            Nearest = 0,
            Linear = 1,
            Bilinear = 2,
            Bicubic = 3,
            Trilinear = 4,
        }

        public enum InterpolationMode
        {
            Nearest = 0,
            Linear = 1,
            Bilinear = 2,
            Bicubic = 3,
            Trilinear = 4,
            Area = 5,
        }

        public enum GridSampleMode
        {
            Nearest = 0,
            Bilinear = 2,
        }

        public enum GridSamplePaddingMode
        {
            Zeros = 0,
            Reflection = 1,
            Border = 2,
        }

        public static partial class nn
        {
            public static Upsample Upsample(long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool? align_corners = null,
                bool? recompute_scale_factor = null) =>
                new(size, scale_factor, mode, align_corners, recompute_scale_factor);

            public static partial class functional
            {
                public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest,
                    bool align_corners = false) =>
                    Resize(input, size, scale_factor, (InterpolationMode)mode, align_corners);

                public static Tensor upsample_bilinear(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                    Resize(x, size, scale_factor, InterpolationMode.Bilinear, align_corners);

                public static Tensor upsample_nearest(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                    Resize(x, size, scale_factor, InterpolationMode.Nearest);

                public static Tensor upsample_nearest1d(Tensor input, long? outputSize, double? scaleFactor) =>
                    Aten.Call("aten::upsample_nearest1d.vec", input, outputSize, scaleFactor);

                public static Tensor upsample_nearest2d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) =>
                    Aten.Call("aten::upsample_nearest2d.vec", input, outputSizes, scaleFactors);

                public static Tensor upsample_nearest3d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) =>
                    Aten.Call("aten::upsample_nearest3d.vec", input, outputSizes, scaleFactors);

                public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                    Aten.Call("aten::affine_grid_generator", theta, size ?? [], align_corners);

                public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear,
                    GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
                {
                    // libtorch counts bilinear 0, nearest 1; zeros 0, border 1, reflection 2.
                    var method = mode == GridSampleMode.Bilinear ? 0L : 1L;
                    var edge = padding_mode switch
                    {
                        GridSamplePaddingMode.Border => 1L,
                        GridSamplePaddingMode.Reflection => 2L,
                        _ => 0L,
                    };
                    return Aten.Call("aten::grid_sampler", input, grid, method, edge, align_corners ?? false);
                }

                /// <summary>To a size, or by factors, one for all dimensions or one for each.</summary>
                internal static Tensor Resize(Tensor input, long[]? size, double[]? factors, InterpolationMode mode, bool alignCorners = false,
                    bool recomputeFactors = false)
                {
                    var spatial = (int)input.Dimensions - 2;
                    if (size is null && factors is null) throw new ExternalException("either size or scale_factor should be defined");
                    if (size is not null && factors is not null) throw new ExternalException("only one of size or scale_factor should be defined");
                    if (size is { Length: 1 }) size = Enumerable.Repeat(size[0], spatial).ToArray();
                    if (factors is { Length: 1 }) factors = Enumerable.Repeat(factors[0], spatial).ToArray();
                    if (factors is not null && (recomputeFactors || mode == InterpolationMode.Area))
                        (size, factors) = (factors.Select((factor, i) => (long)(input.shape[i + 2] * factor)).ToArray(), null);

                    return (mode, spatial) switch
                    {
                        (InterpolationMode.Nearest, 1) => Aten.Call("aten::upsample_nearest1d.vec", input, size, factors),
                        (InterpolationMode.Nearest, 2) => Aten.Call("aten::upsample_nearest2d.vec", input, size, factors),
                        (InterpolationMode.Nearest, 3) => Aten.Call("aten::upsample_nearest3d.vec", input, size, factors),
                        (InterpolationMode.Linear, 1) => Aten.Call("aten::upsample_linear1d.vec", input, size, alignCorners, factors),
                        (InterpolationMode.Bilinear, 2) => Aten.Call("aten::upsample_bilinear2d.vec", input, size, alignCorners, factors),
                        (InterpolationMode.Bicubic, 2) => Aten.Call("aten::upsample_bicubic2d.vec", input, size, alignCorners, factors),
                        (InterpolationMode.Trilinear, 3) => Aten.Call("aten::upsample_trilinear3d.vec", input, size, alignCorners, factors),
                        (InterpolationMode.Area, 1) => adaptive_avg_pool1d(input, size![0]),
                        (InterpolationMode.Area, 2) => adaptive_avg_pool2d(input, size!),
                        (InterpolationMode.Area, 3) => adaptive_avg_pool3d(input, size!),
                        _ => throw new ExternalException($"Cannot resize an input of {input.Dimensions} dimensions by mode {mode}."),
                    };
                }
            }
        }
    }
}
