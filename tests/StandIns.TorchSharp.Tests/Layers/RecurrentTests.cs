using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static StandIns.TorchSharp.Tests.Layers.Deterministic;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>Recurrent layers against their equations, step by step in plain C#.</summary>
public class RecurrentTests
{
    private const int Input = 3, Hidden = 2, Length = 4;

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>One direction of one layer: the weights by name, and the states.</summary>
    private sealed class Cell(Func<string, double[]?> weight)
    {
        public double[] H = new double[Hidden], C = new double[Hidden];

        private double Of(string kind, int row, double[] vector)
        {
            var (w, b) = (weight($"weight_{kind}")!, weight($"bias_{kind}"));
            return (b?[row] ?? 0) + vector.Select((v, i) => v * w[row * vector.Length + i]).Sum();
        }

        private double Gate(int gate, int unit, double[] x) => Of("ih", gate * Hidden + unit, x) + Of("hh", gate * Hidden + unit, H);

        private static double[] Units(Func<int, double> unit) => [.. Enumerable.Range(0, Hidden).Select(unit)];

        public double[] Tanh(double[] x) => H = Units(u => Math.Tanh(Gate(0, u, x)));

        public double[] ReLU(double[] x) => H = Units(u => Math.Max(0, Gate(0, u, x)));

        public double[] Lstm(double[] x)
        {
            var next = Units(u => Sigma(Gate(1, u, x)) * C[u] + Sigma(Gate(0, u, x)) * Math.Tanh(Gate(2, u, x)));
            H = Units(u => Sigma(Gate(3, u, x)) * Math.Tanh(next[u]));
            C = next;
            return H;
        }

        public double[] Gru(double[] x)
        {
            var next = Units(u =>
            {
                var (reset, update) = (Sigma(Gate(0, u, x)), Sigma(Gate(1, u, x)));
                var candidate = Math.Tanh(Of("ih", 2 * Hidden + u, x) + reset * Of("hh", 2 * Hidden + u, H));
                return (1 - update) * candidate + update * H[u];
            });
            return H = next;
        }
    }

    private static (double[][] outputs, double[] h, double[] c) Run(Module module, int layers, bool bidirectional, double[][] sequence,
        Func<Cell, double[], double[]> step)
    {
        List<double> h = [], c = [];
        for (var layer = 0; layer < layers; layer++)
        {
            var outputs = new double[sequence.Length][];
            for (var direction = 0; direction < (bidirectional ? 2 : 1); direction++)
            {
                var suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                var cell = new Cell(name => module.get_parameter(name + suffix)?.Values());
                for (var t = 0; t < sequence.Length; t++)
                {
                    var at = direction == 0 ? t : sequence.Length - 1 - t;
                    outputs[at] = [.. outputs[at] ?? [], .. step(cell, sequence[at])];
                }
                h.AddRange(cell.H);
                c.AddRange(cell.C);
            }
            sequence = outputs;
        }
        return (sequence, [.. h], [.. c]);
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, false, true)]
    [InlineData(2, true, true)]
    [InlineData(2, true, false)]
    public void Layers_FollowTheirEquations(int layers, bool bidirectional, bool bias)
    {
        var input = Wave(Length, 1, Input);
        var sequence = input.Values().Chunk(Input).ToArray();

        var lstm = LSTM(Input, Hidden, layers, bias, bidirectional: bidirectional).Settled();
        var expected = Run(lstm, layers, bidirectional, sequence, (cell, x) => cell.Lstm(x));
        var (output, h, c) = lstm.call(input);
        Numbers.AssertClose([.. expected.outputs.SelectMany(row => row)], output, 1e-9);
        Numbers.AssertClose(expected.h, h, 1e-9);
        Numbers.AssertClose(expected.c, c, 1e-9);

        var gru = GRU(Input, Hidden, layers, bias, bidirectional: bidirectional).Settled();
        expected = Run(gru, layers, bidirectional, sequence, (cell, x) => cell.Gru(x));
        Numbers.AssertClose([.. expected.outputs.SelectMany(row => row)], gru.call(input).Item1, 1e-9);
        Numbers.AssertClose(expected.h, gru.call(input).Item2, 1e-9);

        var rnn = RNN(Input, Hidden, layers, NonLinearities.Tanh, bias, bidirectional: bidirectional).Settled();
        expected = Run(rnn, layers, bidirectional, sequence, (cell, x) => cell.Tanh(x));
        Numbers.AssertClose([.. expected.outputs.SelectMany(row => row)], rnn.call(input).Item1, 1e-9);

        var relu = RNN(Input, Hidden, layers, NonLinearities.ReLU, bias, bidirectional: bidirectional).Settled();
        expected = Run(relu, layers, bidirectional, sequence, (cell, x) => cell.ReLU(x));
        Numbers.AssertClose([.. expected.outputs.SelectMany(row => row)], relu.call(input).Item1, 1e-9);
    }

    [Fact]
    public void BatchFirst_IsTheTransposedLayer()
    {
        var (first, second) = (GRU(Input, Hidden).Settled(), GRU(Input, Hidden, batchFirst: true).Settled());
        var input = Wave(Length, 2, Input);
        Assert.True(first.call(input).Item1.transpose(0, 1).allclose(second.call(input.transpose(0, 1)).Item1));
    }

    [Fact]
    public void GivenStates_AreStartedFrom()
    {
        var gru = GRU(Input, Hidden).Settled();
        var input = Wave(Length, 1, Input);
        var (whole, _) = gru.call(input);
        var (_, middle) = gru.call(input.narrow(0, 0, 2));
        Assert.True(whole.narrow(0, 2, 2).allclose(gru.call(input.narrow(0, 2, 2), middle).Item1));
    }

    [Fact]
    public void Cells_AreOneStepOfTheirLayers()
    {
        var input = Wave(1, 2, Input);
        var (state, memory) = (Wave(1, 2, Hidden), Wave(1, 2, Hidden) * 0.5);
        var lstm = LSTM(Input, Hidden).Settled();
        var lstmCell = LSTMCell(Input, Hidden).Settled();
        var (h, c) = lstmCell.call(input[0], (state[0], memory[0]));
        var (_, expectedH, expectedC) = lstm.call(input, (state, memory));
        Assert.True(h.allclose(expectedH[0]) && c.allclose(expectedC[0]));

        Assert.True(GRUCell(Input, Hidden).Settled().call(input[0], state[0]).allclose(GRU(Input, Hidden).Settled().call(input, state).Item2[0]));
        Assert.True(RNNCell(Input, Hidden).Settled().call(input[0], state[0]).allclose(RNN(Input, Hidden).Settled().call(input, state).Item2[0]));
        Assert.True(RNNCell(Input, Hidden, NonLinearities.ReLU).Settled().call(input[0], state[0])
            .allclose(RNN(Input, Hidden, nonLinearity: NonLinearities.ReLU).Settled().call(input, state).Item2[0]));
    }

    [Fact]
    public void Dropout_WorksBetweenLayersInTrainingOnly()
    {
        var lstm = LSTM(Input, Hidden, 2, dropout: 0.5).Settled();
        var input = Wave(20, 1, Input);
        Assert.False(lstm.call(input).Item1.allclose(lstm.call(input).Item1));
        lstm.eval();
        Assert.True(lstm.call(input).Item1.allclose(lstm.call(input).Item1));
    }

    [Fact]
    public void RNN_HandsOutItsWeightsByLayer()
    {
        var rnn = RNN(Input, Hidden, 2);
        Assert.Equal([2L, 3L], rnn.get_weight_ih(0)!.shape);
        Assert.Equal([2L, 2L], rnn.get_weight_hh(1)!.shape);
        Assert.Equal(rnn.get_parameter("bias_hh_l1"), rnn.get_bias_hh(1));
    }
}
