using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class RNNCell : Module<Tensor, Tensor?, Tensor>
    {
        private readonly long hidden;
        private readonly string op;
        internal RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity, bool bias, Device? device, ScalarType? dtype) : base("torch::nn::RNNCellImpl")
        {
            hidden = hiddenSize;
            op = nonLinearity == NonLinearities.ReLU ? "aten::rnn_relu_cell" : "aten::rnn_tanh_cell";
            RecurrentStack.AddTo(native = new(register_parameter), "", 1, inputSize, hiddenSize, bias, device, dtype);
        }

        public Parameter? weight_ih
        {
            get => native!.Share(nameof(weight_ih));
            set => Replace(native!, nameof(weight_ih), value);
        }

        public Parameter? weight_hh
        {
            get => native!.Share(nameof(weight_hh));
            set => Replace(native!, nameof(weight_hh), value);
        }

        public Parameter? bias_ih
        {
            get => native!.Share(nameof(bias_ih));
            set => Replace(native!, nameof(bias_ih), value);
        }

        public Parameter? bias_hh
        {
            get => native!.Share(nameof(bias_hh));
            set => Replace(native!, nameof(bias_hh), value);
        }

        public override Tensor forward(Tensor input, Tensor? h0 = null) => Aten.Call(
            op, input, h0 ?? zeros([input.shape[0], hidden], input.dtype, input.device),
            native!["weight_ih"], native["weight_hh"], native.Find("bias_ih"), native.Find("bias_hh"));
    }

    public sealed class GRUCell : Module<Tensor, Tensor?, Tensor>
    {
        private readonly long hidden;

        internal GRUCell(long inputSize, long hiddenSize, bool bias, Device? device, ScalarType? dtype) : base("torch::nn::GRUCellImpl")
        {
            hidden = hiddenSize;
            RecurrentStack.AddTo(native = new(register_parameter), "", 3, inputSize, hiddenSize, bias, device, dtype);
        }

        public Parameter? weight_ih
        {
            get => native!.Share(nameof(weight_ih));
            set => Replace(native!, nameof(weight_ih), value);
        }

        public Parameter? weight_hh
        {
            get => native!.Share(nameof(weight_hh));
            set => Replace(native!, nameof(weight_hh), value);
        }

        public Parameter? bias_ih
        {
            get => native!.Share(nameof(bias_ih));
            set => Replace(native!, nameof(bias_ih), value);
        }

        public Parameter? bias_hh
        {
            get => native!.Share(nameof(bias_hh));
            set => Replace(native!, nameof(bias_hh), value);
        }

        public override Tensor forward(Tensor input, Tensor? h0 = null) => Aten.Call(
            "aten::gru_cell", input, h0 ?? zeros([input.shape[0], hidden], input.dtype, input.device),
            native!["weight_ih"], native["weight_hh"], native.Find("bias_ih"), native.Find("bias_hh"));
    }

    /// <summary>Unlike the other cells, it does not work without a state.</summary>
    public sealed class LSTMCell : Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
    {
        internal LSTMCell(long inputSize, long hiddenSize, bool bias, Device? device, ScalarType? dtype) : base("torch::nn::LSTMCellImpl") =>
            RecurrentStack.AddTo(native = new(register_parameter), "", 4, inputSize, hiddenSize, bias, device, dtype);

        public Parameter? weight_ih
        {
            get => native!.Share(nameof(weight_ih));
            set => Replace(native!, nameof(weight_ih), value);
        }

        public Parameter? weight_hh
        {
            get => native!.Share(nameof(weight_hh));
            set => Replace(native!, nameof(weight_hh), value);
        }

        public Parameter? bias_ih
        {
            get => native!.Share(nameof(bias_ih));
            set => Replace(native!, nameof(bias_ih), value);
        }

        public Parameter? bias_hh
        {
            get => native!.Share(nameof(bias_hh));
            set => Replace(native!, nameof(bias_hh), value);
        }

        public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0)
        {
            if (h0_c0 is not var (h, c))
                throw new ExternalException($"Input batch size {input.shape[0]} doesn't match hidden[0] batch size 0");
            return Aten.Call2("aten::lstm_cell", input, new[] { h, c }, native!["weight_ih"], native["weight_hh"], native.Find("bias_ih"), native.Find("bias_hh"));
        }

        public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public enum NonLinearities
            {
                ReLU = 0,
                Tanh = 1,
            }

            public static RNN RNN(long inputSize, long hiddenSize, long numLayers = 1, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true,
                bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, nonLinearity, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0,
                bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0,
                bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static RNNCell RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, nonLinearity, bias, device, dtype);

            public static GRUCell GRUCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);

            public static LSTMCell LSTMCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);
        }
    }
}
