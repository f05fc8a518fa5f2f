using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The parameters of a recurrent stack, all drawn from U(±1/√hidden), and the operator that runs it.</summary>
internal sealed class RecurrentStack
{
    private readonly NativeTensors tensors;
    private readonly long hidden;
    private readonly long layers;
    private readonly bool hasBias;
    private readonly bool batchFirst;
    private readonly double dropout;
    private readonly bool bidirectional;

    internal RecurrentStack(NativeTensors tensors, long gates, long input, long hidden, long layers, bool hasBias, bool batchFirst, double dropout,
        bool bidirectional, Device? device, ScalarType? dtype)
    {
        (this.tensors, this.hidden, this.layers, this.hasBias) = (tensors, hidden, layers, hasBias);
        (this.batchFirst, this.dropout, this.bidirectional) = (batchFirst, dropout, bidirectional);
        for (var layer = 0L; layer < layers; layer++)
        {
            var width = layer == 0 ? input : hidden * Directions;
            for (var direction = 0; direction < Directions; direction++)
                AddTo(tensors, $"_l{layer}{(direction == 0 ? "" : "_reverse")}", gates, width, hidden, hasBias, device, dtype);
        }
    }

    private int Directions => bidirectional ? 2 : 1;

    internal static void AddTo(NativeTensors tensors, string suffix, long gates, long input, long hidden, bool hasBias, Device? device, ScalarType? dtype)
    {
        void Add(string name, params long[] shape) => init.UniformByFanIn(tensors.Add(name + suffix, empty(shape, dtype, device)), hidden);

        Add("weight_ih", gates * hidden, input);
        Add("weight_hh", gates * hidden, hidden);
        if (!hasBias) return;
        Add("bias_ih", gates * hidden);
        Add("bias_hh", gates * hidden);
    }

    internal Tensor ZeroState(Tensor input) =>
        zeros([layers * Directions, input.shape[batchFirst ? 0 : 1], hidden], input.dtype, input.device);

    internal (Tensor output, Tensor state) Run(string op, Tensor input, Tensor state, bool training) =>
        Aten.Call2(op, input, state, Weights, hasBias, layers, dropout, training, bidirectional, batchFirst);

    internal (Tensor output, Tensor state, Tensor cell) Run(string op, Tensor input, (Tensor, Tensor) state, bool training) =>
        Aten.Call3(op, input, new[] { state.Item1, state.Item2 }, Weights, hasBias, layers, dropout, training, bidirectional, batchFirst);

    private Tensor[] Weights => tensors.All.Select(entry => entry.tensor).ToArray();
}

public sealed class RNN : Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RecurrentStack stack;
    private readonly string op;

    internal RNN(long inputSize, long hiddenSize, long numLayers, NonLinearities nonLinearity, bool bias, bool batchFirst, double dropout, bool bidirectional,
        Device? device, ScalarType? dtype) : base("torch::nn::RNNImpl")
    {
        op = nonLinearity == NonLinearities.ReLU ? "aten::rnn_relu.input" : "aten::rnn_tanh.input";
        stack = new(native = new(register_parameter), 1, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0) => stack.Run(op, input, h0 ?? stack.ZeroState(input), training);

    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

    public void flatten_parameters()
    {
    }

    public Parameter? get_weight_ih(long idx) => native!.Share($"weight_ih_l{idx}");

    public Parameter? get_weight_hh(long idx) => native!.Share($"weight_hh_l{idx}");

    public Parameter? get_bias_ih(long idx) => native!.Share($"bias_ih_l{idx}");

    public Parameter? get_bias_hh(long idx) => native!.Share($"bias_hh_l{idx}");
}

public sealed class GRU : Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RecurrentStack stack;

    internal GRU(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
        : base("torch::nn::GRUImpl") =>
        stack = new(native = new(register_parameter), 3, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null) => stack.Run("aten::gru.input", input, h0 ?? stack.ZeroState(input), training);

    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

    public void flatten_parameters()
    {
    }
}

/// <summary>Gates in the order input, forget, cell, output; the forget gate's bias starts as small as all others.</summary>
public sealed class LSTM : Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private readonly RecurrentStack stack;

    internal LSTM(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
        : base("torch::nn::LSTMImpl") =>
        stack = new(native = new(register_parameter), 4, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null) =>
        stack.Run("aten::lstm.input", input, h0_c0 ?? (stack.ZeroState(input), stack.ZeroState(input)), training);

    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    public void flatten_parameters()
    {
    }
}
