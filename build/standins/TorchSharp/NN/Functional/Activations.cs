using System;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? InPlace("aten::celu_", x, alpha) : Aten.Call("aten::celu", x, alpha);

            /// <summary>Never in place: TorchSharp's elu_ computes a new tensor.</summary>
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => Aten.Call("aten::elu", x, alpha);

            public static Tensor gelu(Tensor x) => gelu(x, false);

            public static Tensor gelu(Tensor x, bool inplace) => inplace ? InPlace("aten::gelu_", x) : Aten.Call("aten::gelu", x);

            public static Tensor glu(Tensor input, long dim = -1) => Aten.Call("aten::glu", input, dim);

            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Aten.Call("aten::hardshrink", x, lambda);

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) =>
                inplace ? InPlace("aten::hardsigmoid_", input) : Aten.Call("aten::hardsigmoid", input);

            public static Tensor hardswish(Tensor input, bool inplace = false) =>
                inplace ? InPlace("aten::hardswish_", input) : Aten.Call("aten::hardswish", input);

            /// <summary>Unless in place, TorchSharp throws the result away and returns its input; in a Sequential that input is then disposed.</summary>
            public static Tensor hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) =>
                inplace ? InPlace("aten::hardtanh_", x, min_val, max_val) : x;

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? InPlace("aten::leaky_relu_", input, negative_slope) : Aten.Call("aten::leaky_relu", input, negative_slope);

            public static Tensor logsigmoid(Tensor x) => Aten.Call("aten::log_sigmoid", x);

            public static Tensor log_softmax(Tensor x, long dim) => Aten.Call("aten::log_softmax.int", x, dim);

            /// <summary>In place, its backward fails: TorchSharp multiplies the very tensor that the gradient needs.</summary>
            public static Tensor mish(Tensor x, bool inplace = false)
            {
                using var soft = softplus(x);
                using var squashed = soft.tanh();
                return inplace ? x.mul_(squashed).alias() : x * squashed;
            }

            public static Tensor prelu(Tensor input, Tensor weight) => Aten.Call("aten::prelu", input, weight);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? InPlace("aten::relu_", x) : Aten.Call("aten::relu", x);

            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? InPlace("aten::relu6_", x) : Aten.Call("aten::relu6", x);

            /// <summary>The slope is always the middle of the range: TorchSharp never asks for the random one.</summary>
            public static Tensor rrelu(Tensor x, double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false) =>
                inplace ? InPlace("aten::rrelu_", x, lower, upper) : Aten.Call("aten::rrelu", x, lower, upper);

            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? InPlace("aten::selu_", x) : Aten.Call("aten::selu", x);

            public static Tensor sigmoid(Tensor x) => sigmoid(x, false);

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? InPlace("aten::sigmoid_", x) : Aten.Call("aten::sigmoid", x);

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? InPlace("aten::silu_", x) : Aten.Call("aten::silu", x);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Aten.Call("aten::softmax.int", input, dim, dtype);

            public static Tensor softmax2d(Tensor x) => softmax(x, -3);

            public static Tensor softmin(Tensor x, long dim)
            {
                using var negated = -x;
                return softmax(negated, dim);
            }

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Aten.Call("aten::softplus", x, beta, threshold);

            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Aten.Call("aten::softshrink", x, lambda);

            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using var magnitude = x.abs();
                using var divisor = magnitude + 1;
                return inplace ? x.div_(divisor).alias() : x / divisor;
            }

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? InPlace("aten::tanh_", x) : Aten.Call("aten::tanh", x);

            public static Tensor tanhshrink(Tensor x, bool inplace = false)
            {
                using var squashed = x.tanh();
                return inplace ? x.sub_(squashed).alias() : x - squashed;
            }

            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                inplace ? InPlace("aten::threshold_", x, threshold, value) : Aten.Call("aten::threshold", x, threshold, value);

            private const string OldName = "Not using the PyTorch naming convention.";

            [Obsolete(OldName, false)]
            public static Tensor Hardshrink(Tensor x, double lambda = 0.5) => hardshrink(x, lambda);

            [Obsolete(OldName, false)]
            public static Tensor Hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) => hardtanh(x, min_val, max_val, inplace);

            [Obsolete(OldName, false)]
            public static Tensor Mish(Tensor x) => mish(x);

            [Obsolete(OldName, false)]
            public static Tensor SiLU(Tensor x, bool inplace = false) => silu(x, inplace);

            [Obsolete(OldName, false)]
            public static Tensor Softshrink(Tensor x, double lambda = 0.5) => softshrink(x, lambda);

            [Obsolete(OldName, false)]
            public static Tensor Softsign(Tensor x) => softsign(x);

            [Obsolete(OldName, false)]
            public static Tensor Tanhshrink(Tensor x) => tanhshrink(x);

            [Obsolete(OldName, false)]
            public static Tensor Threshold(Tensor x, double threshold, double value, bool inplace = false) => functional.threshold(x, threshold, value, inplace);

            /// <summary>Runs an in-place operator; the result is a view, so that it may be disposed without its input.</summary>
            private static Tensor InPlace(string op, Tensor x, params ReadOnlySpan<Arg> rest) => Aten.InPlace(op, x, rest).alias();
        }
    }
}
