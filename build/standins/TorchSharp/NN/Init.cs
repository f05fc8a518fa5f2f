using System;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Fills tensors in place, outside of autograd; each function returns the tensor it was given.</summary>
        public static partial class init
        {
            public enum NonlinearityType
            {
                Linear, Conv1D, Conv2D, Conv3D, ConvTranspose1D, ConvTranspose2D, ConvTranspose3D, Sigmoid, Tanh, ReLU, LeakyReLU,
            }

            public enum FanInOut
            {
                FanIn,
                FanOut,
            }

            /// <summary>The factor that keeps the variance through a nonlinearity. Without a slope, LeakyReLU counts as ReLU.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1.0 + param * param)),
                _ => 1.0,
            };

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                if (tensor.Dimensions < 2)
                    throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                var shape = tensor.shape;
                var receptiveField = 1L;
                foreach (var size in shape[2..]) receptiveField *= size;
                return (shape[1] * receptiveField, shape[0] * receptiveField);
            }

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1.0);

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0.0);

            public static Tensor constant_(Tensor tensor, Scalar val) => Fill("aten::fill_.Scalar", tensor, val);

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => Fill("aten::uniform_", tensor, low, high);

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => Fill("aten::normal_", tensor, mean, std);

            /// <summary>U(±gain·√(3/fan)).</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3.0) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>N(0, gain²/fan).</summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>U(±gain·√(6/(fanIn + fanOut))).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                var bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Draws from the uniform distribution, not from the normal one that its name promises; so does TorchSharp's.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1.0) => xavier_normal_(tensor, gain);

            /// <summary>
            /// Not what it says: TorchSharp multiplies by the mean and adds the standard deviation, the wrong way round. With the
            /// default mean of 0, every element becomes <paramref name="std"/>.
            /// </summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0.0, double std = 1.0, double a = -2.0, double b = 2.0, Generator? generator = null)
            {
                using var _ = no_grad();
                using var edges = torch.tensor(new[] { (a - mean) / std, (b - mean) / std });
                using var shares = edges.div_(Math.Sqrt(2)).erf_();
                uniform_(tensor, shares[0].ToDouble(), shares[1].ToDouble());
                Fill("aten::erfinv_", tensor);
                Fill("aten::mul_.Scalar", tensor, mean);
                Fill("aten::add_.Scalar", tensor, std);
                return Fill("aten::clamp_", tensor, a, b);
            }

            /// <summary>Orthonormal rows or columns, whichever are fewer, times the gain; further dimensions count as columns.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                if (tensor.Dimensions < 2) throw new ArgumentException("Only tensors with 2 or more dimensions are supported");
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                var (rows, columns) = (tensor.shape[0], tensor.numel() / tensor.shape[0]);
                var flat = normal_(empty([rows, columns], tensor.dtype, tensor.device));
                var (q, r) = Aten.Call2("aten::linalg_qr", rows < columns ? flat.t() : flat);
                q *= Aten.Call("aten::diag", r).sign();
                if (rows < columns) q = q.t();
                tensor.copy_(q.reshape(tensor.shape));
                return Fill("aten::mul_.Scalar", tensor, gain);
            }

            /// <summary>N(0, std²) with a share of each column set to zero.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                if (tensor.Dimensions != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                normal_(tensor, 0, std);
                var zeros = (long)Math.Ceiling(sparsity * tensor.shape[0]);
                var ranks = rand(tensor.shape, device: tensor.device).argsort(0).argsort(0);
                Fill("aten::masked_fill_.Scalar", tensor, ranks < zeros, 0.0);
                return tensor;
            }

            /// <summary>The identity of a convolution: each channel passed through at the middle of the kernel.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length is < 3 or > 5) throw new ArgumentException("Only tensors with 3, 4, or 5 dimensions are supported");
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                zeros_(tensor);
                for (long channel = 0; channel < Math.Min(shape[0], shape[1]); channel++)
                {
                    var place = tensor.select(0, channel).select(0, channel);
                    foreach (var size in shape[2..]) place = place.select(0, size / 2);
                    constant_(place, 1.0);
                }
                return tensor;
            }

            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.Dimensions != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                using var _ = no_grad();
                using var identity = Aten.Call("aten::eye.m", tensor.shape[0], tensor.shape[1], tensor.dtype, Arg.None, tensor.device);
                tensor.copy_(identity);
                return tensor;
            }

            /// <summary>What layers draw their biases from: U(±1/√fanIn).</summary>
            internal static Tensor UniformByFanIn(Tensor tensor, long fanIn)
            {
                var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
                return uniform_(tensor, -bound, bound);
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static Tensor Fill(string op, Tensor tensor, params ReadOnlySpan<Arg> args)
            {
                using var _ = no_grad();
                return Aten.InPlace(op, tensor, args);
            }
        }
    }
}
