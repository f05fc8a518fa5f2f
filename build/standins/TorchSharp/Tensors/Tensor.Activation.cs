namespace TorchSharp;

public static partial class torch
{
    // The activations in their tensor-method form, with libtorch's defaults.
    public partial class Tensor
    {
        public Tensor relu() => Aten.Call("aten::relu", this);
        public Tensor relu_() => Aten.InPlace("aten::relu_", this);
        public Tensor relu6() => Aten.Call("aten::relu6", this);
        public Tensor relu6_() => Aten.InPlace("aten::relu6_", this);
        public Tensor sigmoid() => Aten.Call("aten::sigmoid", this);
        public Tensor sigmoid_() => Aten.InPlace("aten::sigmoid_", this);
        public Tensor tanh() => Aten.Call("aten::tanh", this);
        public Tensor tanh_() => Aten.InPlace("aten::tanh_", this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Call("aten::softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.Call("aten::log_softmax.int", this, dim, dtype);
        public Tensor elu(double alpha = 1) => Aten.Call("aten::elu", this, alpha);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Call("aten::elu", this, alpha, scale, input_scale);
        /// <summary>A new tensor, as in TorchSharp up to 0.107.</summary>
        public Tensor elu_(double alpha = 1) => elu(alpha);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.InPlace("aten::elu_", this, alpha, scale, input_scale);
        public Tensor selu() => Aten.Call("aten::selu", this);
        public Tensor selu_() => Aten.InPlace("aten::selu_", this);
        public Tensor celu() => Aten.Call("aten::celu", this);
        public Tensor celu(Scalar alpha) => Aten.Call("aten::celu", this, alpha);
        public Tensor celu_() => Aten.InPlace("aten::celu_", this);
        public Tensor celu_(Scalar alpha) => Aten.InPlace("aten::celu_", this, alpha);
        public Tensor gelu() => Aten.Call("aten::gelu", this);
        public Tensor gelu_() => Aten.InPlace("aten::gelu_", this);
        public Tensor silu() => Aten.Call("aten::silu", this);
        public Tensor silu_() => Aten.InPlace("aten::silu_", this);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.Call("aten::leaky_relu", this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Aten.InPlace("aten::leaky_relu_", this, negative_slope);
        public Tensor hardsigmoid() => Aten.Call("aten::hardsigmoid", this);
        public Tensor hardsigmoid_() => Aten.InPlace("aten::hardsigmoid_", this);
        public Tensor hardswish() => Aten.Call("aten::hardswish", this);
        public Tensor hardswish_() => Aten.InPlace("aten::hardswish_", this);

        /// <summary>TorchSharp throws the result away and returns this very tensor; <see cref="hardtanh_"/> does what it says.</summary>
        public Tensor hardtanh(Scalar min, Scalar max) => this;

        public Tensor hardtanh_(Scalar min, Scalar max) => Aten.InPlace("aten::hardtanh_", this, min, max);
        public Tensor softplus(double beta = 1, double threshold = 20) => Aten.Call("aten::softplus", this, beta, threshold);
        public Tensor log_sigmoid() => Aten.Call("aten::log_sigmoid", this);
        public Tensor rrelu(double lower = 0.125, double upper = 0.3333333333333333) => Aten.Call("aten::rrelu", this, lower, upper);
        public Tensor rrelu_(double lower = 0.125, double upper = 0.3333333333333333) => Aten.InPlace("aten::rrelu_", this, lower, upper);
        public Tensor glu(long dim = -1) => Aten.Call("aten::glu", this, dim);
        public Tensor prelu(Tensor target) => Aten.Call("aten::prelu", this, target);
        public Tensor threshold(Scalar threshold, Scalar value) => Aten.Call("aten::threshold", this, threshold, value);
        public Tensor threshold_(Scalar threshold, Scalar value) => Aten.InPlace("aten::threshold_", this, threshold, value);
        public Tensor channel_shuffle(long groups) => Aten.Call("aten::channel_shuffle", this, groups);
    }
}
