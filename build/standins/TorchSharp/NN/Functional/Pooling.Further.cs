using System;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>(Σ xᵖ)^(1/p) over each window.</summary>
            public static Tensor lp_pool1d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false)
            {
                using var scope = NewDisposeScope();
                return Root(avg_pool1d(input.pow(norm_type), kernel_size, stride, 0, ceil_mode), norm_type, kernel_size);
            }

            public static Tensor lp_pool2d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
                lp_pool2d(input, norm_type, [kernel_size, kernel_size], OrNull(stride), ceil_mode);

            public static Tensor lp_pool2d(Tensor input, double norm_type, long[] kernel_size, long[]? stride = null, bool ceil_mode = false)
            {
                using var scope = NewDisposeScope();
                return Root(avg_pool2d(input.pow(norm_type), kernel_size, stride, null, ceil_mode), norm_type, kernel_size[0] * kernel_size[^1]);
            }

            public static Tensor fractional_max_pool2d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                fractional_max_pool2d(input, [kernel_size, kernel_size], output_size is { } o ? [o, o] : null, output_ratio is { } r ? [r, r] : null);

            public static Tensor fractional_max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? output_size = null,
                (double, double)? output_ratio = null) =>
                fractional_max_pool2d(input, [kernel_size.Item1, kernel_size.Item2], output_size is { } o ? [o.Item1, o.Item2] : null,
                    output_ratio is { } r ? [r.Item1, r.Item2] : null);

            public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, long kernel_size, long? output_size = null,
                double? output_ratio = null) =>
                fractional_max_pool2d_with_indices(input, [kernel_size, kernel_size], output_size is { } o ? [o, o] : null, output_ratio is { } r ? [r, r] : null);

            public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, (long, long) kernel_size,
                (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                fractional_max_pool2d_with_indices(input, [kernel_size.Item1, kernel_size.Item2], output_size is { } o ? [o.Item1, o.Item2] : null,
                    output_ratio is { } r ? [r.Item1, r.Item2] : null);

            public static Tensor fractional_max_pool2d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                Values(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));

            public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null,
                double[]? output_ratio = null) =>
                FractionalMaxPool("aten::fractional_max_pool2d", input, kernel_size, output_size, output_ratio);

            public static Tensor fractional_max_pool3d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                fractional_max_pool3d(input, [kernel_size, kernel_size, kernel_size], output_size is { } o ? [o, o, o] : null,
                    output_ratio is { } r ? [r, r, r] : null);

            public static Tensor fractional_max_pool3d(Tensor input, (long, long, long) kernel_size, (long, long, long)? output_size = null,
                (double, double, double)? output_ratio = null) =>
                fractional_max_pool3d(input, [kernel_size.Item1, kernel_size.Item2, kernel_size.Item3], output_size is { } o ? [o.Item1, o.Item2, o.Item3] : null,
                    output_ratio is { } r ? [r.Item1, r.Item2, r.Item3] : null);

            public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, long kernel_size, long? output_size = null,
                double? output_ratio = null) =>
                fractional_max_pool3d_with_indices(input, [kernel_size, kernel_size, kernel_size], output_size is { } o ? [o, o, o] : null,
                    output_ratio is { } r ? [r, r, r] : null);

            public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, (long, long, long) kernel_size,
                (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                fractional_max_pool3d_with_indices(input, [kernel_size.Item1, kernel_size.Item2, kernel_size.Item3],
                    output_size is { } o ? [o.Item1, o.Item2, o.Item3] : null, output_ratio is { } r ? [r.Item1, r.Item2, r.Item3] : null);

            public static Tensor fractional_max_pool3d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                Values(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));

            public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null,
                double[]? output_ratio = null) =>
                FractionalMaxPool("aten::fractional_max_pool3d", input, kernel_size, output_size, output_ratio);

            public static Tensor max_unpool1d(Tensor input, Tensor indices, long kernel_size, long? stride = null, long? padding = null, long[]? output_size = null)
            {
                using var scope = NewDisposeScope();
                long[] size = [1, .. output_size ?? Unpooled(input, [kernel_size], Ints(stride), Ints(padding))];
                return Aten.Call("aten::max_unpool2d", input.unsqueeze(-2), indices.unsqueeze(-2), size).squeeze(-2).MoveToOuterDisposeScope();
            }

            public static Tensor max_unpool2d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null,
                long[]? output_size = null) =>
                Aten.Call("aten::max_unpool2d", input, indices, output_size ?? Unpooled(input, kernel_size, Ints(stride), Ints(padding)));

            public static Tensor max_unpool3d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null,
                long[]? output_size = null) =>
                Aten.Call("aten::max_unpool3d", input, indices, output_size ?? Unpooled(input, kernel_size, Ints(stride), Ints(padding)), stride ?? kernel_size,
                    padding ?? [0, 0, 0]);

            /// <summary>Checks that a fractional pooling is given a size or a ratio; returns the kernel.</summary>
            internal static long[] OneOf(long[] kernel_size, long[]? output_size, double[]? output_ratio)
            {
                if (output_size is null == output_ratio is null) throw new ArgumentNullException(nameof(output_size),
                    "Fractional pooling takes either an output size or an output ratio.");
                if ((output_size?.Length ?? output_ratio!.Length) != kernel_size.Length) throw new ArgumentException("Kernel, size and ratio must have one element per dimension.");
                return kernel_size;
            }

            private static (Tensor, Tensor) FractionalMaxPool(string op, Tensor input, long[] kernel, long[]? size, double[]? ratio)
            {
                var spatial = OneOf(kernel, size, ratio).Length;
                size ??= ratio!.Select((share, i) => (long)(input.shape[^(spatial - i)] * share)).ToArray();
                var channels = input.shape[^(spatial + 1)];
                using var samples = rand([input.Dimensions == spatial + 2 ? input.shape[0] : 1, channels, spatial], input.dtype, input.device);
                return Aten.Call2(op, input, kernel, size, samples);
            }

            private static Tensor Root(Tensor means, double p, long count) => (means.sign() * means.abs().relu() * count).pow(1 / p).MoveToOuterDisposeScope();

            private static long[] Unpooled(Tensor input, long[] kernel, long[] stride, long[] padding) => kernel.Select((size, i) =>
                (input.shape[^(kernel.Length - i)] - 1) * (stride.Length > 0 ? stride[i] : size) - 2 * (padding.Length > 0 ? padding[i] : 0) + size).ToArray();

            private static Tensor Values((Tensor values, Tensor indices) result)
            {
                result.indices.Dispose();
                return result.values;
            }

            private static long[] Ints(long? value) => value is { } v ? [v] : [];

            private static long[] Ints(long[]? values) => values ?? [];

            private static long[]? OrNull(long? value) => value is { } v ? [v, v] : null;

            private static long[]? OrNull((long, long)? value) => value is { } v ? [v.Item1, v.Item2] : null;
        }
    }
}
