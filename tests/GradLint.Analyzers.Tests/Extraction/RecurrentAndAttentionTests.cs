using GradLint.Core.Model;
using static GradLint.Analyzers.Tests.Extraction.ReadAsItRuns;

namespace GradLint.Analyzers.Tests.Extraction;

public class RecurrentAndAttentionTests
{
    [Fact]
    public void LstmWithTupleResult()
    {
        var graph = AssertReadAsItRuns("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly LSTM lstm = LSTM(4, 8, numLayers: 2, batchFirst: true);
                private readonly Linear head = Linear(8, 2);
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor x)
                {
                    var (output, hidden, cell) = lstm.call(x);
                    return head.call(output[TensorIndex.Colon, -1]);
                }
            }
            """, "randn(2, 5, 4)");
        Assert.Equal(8, graph.Nodes.Single(node => node.Kind == LayerKind.LSTM).Parameters.Count);
        Assert.True(graph.Nodes.Single(node => node.Kind == LayerKind.LSTM).Arguments.Flag("batchFirst"));
    }

    [Fact]
    public void GruReadByItsHiddenState()
    {
        var graph = AssertReadAsItRuns("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Embedding embedding = Embedding(20, 6, padding_idx: 0);
                private readonly GRU gru = GRU(6, 8, bidirectional: true);
                private readonly Linear head = Linear(16, 2);
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor tokens)
                {
                    var states = gru.call(embedding.call(tokens));
                    var h = states.Item2;
                    return head.call(torch.cat(new[] { h[0], h[1] }, 1));
                }
            }
            """, "torch.randint(0, 20, new long[] { 5, 3 })");
        Assert.Contains(graph.Nodes, node => node.Kind == LayerKind.Select && node.Inputs[0].Index == 1);
    }

    [Fact]
    public void RnnWithInitialState() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly RNN rnn = RNN(4, 6, nonLinearity: NonLinearities.ReLU);
            private readonly Linear head = Linear(6, 1);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                var h0 = torch.zeros(1, x.shape[1], 6);
                var (_, h) = rnn.call(x, h0);
                return head.call(h.squeeze(0));
            }
        }
        """, "randn(5, 3, 4)");

    [Fact]
    public void CellInALoopOverTime()
    {
        var program = ModelProgram.Of("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly GRUCell cell = GRUCell(4, 6);
                private readonly Linear head = Linear(6, 2);
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor x)
                {
                    var h = torch.zeros(x.shape[1], 6);
                    for (var t = 0; t < x.shape[0]; t++)
                        h = cell.call(x[t], h);
                    return head.call(h);
                }
            }
            """);
        var graph = program.Extract();
        var repeat = Assert.Single(graph.Repeats);
        Assert.Null(repeat.Count);
        Assert.Contains(graph.Nodes.Skip(repeat.First).Take(repeat.Last - repeat.First + 1), node => node.Kind == LayerKind.GRUCell);
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(["cell", "head"], graph.LayerOrder());
    }

    [Fact]
    public void EncoderDecoderWithStepwiseOutput() => Assert.Equal(GraphStatus.Known, ModelProgram.Of("""
        public class Encoder : nn.Module<Tensor, (Tensor, Tensor)>
        {
            private readonly Embedding embedding;
            private readonly GRU gru;
            public Encoder(long words, long width) : base("encoder")
            {
                embedding = Embedding(words, width);
                gru = GRU(width, width);
                RegisterComponents();
            }
            public override (Tensor, Tensor) forward(Tensor tokens) => gru.call(embedding.call(tokens));
        }

        public class Decoder : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
        {
            private readonly Embedding embedding;
            private readonly GRU gru;
            private readonly Linear output;
            public Decoder(long words, long width) : base("decoder")
            {
                embedding = Embedding(words, width);
                gru = GRU(width, width);
                output = Linear(width, words);
                RegisterComponents();
            }
            public override (Tensor, Tensor) forward(Tensor token, Tensor hidden)
            {
                var embedded = functional.relu(embedding.call(token.unsqueeze(0)));
                var (o, h) = gru.call(embedded, hidden);
                return (output.call(o.squeeze(0)), h);
            }
        }

        public class Model : nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly Encoder encoder = new(30, 8);
            private readonly Decoder decoder = new(30, 8);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor source, Tensor target)
            {
                var length = target.shape[0];
                var outputs = torch.zeros(length, target.shape[1], 30);
                var (_, hidden) = encoder.call(source);
                var token = target[0];
                for (var t = 1; t < length; t++)
                {
                    Tensor scores;
                    (scores, hidden) = decoder.call(token, hidden);
                    outputs[t] = scores;
                    token = target[t];
                }
                return outputs;
            }
        }
        """).Extract().Status);

    [Fact]
    public void SelfAttention()
    {
        var graph = AssertReadAsItRuns("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly MultiheadAttention attention = MultiheadAttention(8, 2);
                private readonly LayerNorm norm = LayerNorm(8);
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor x)
                {
                    var (output, weights) = attention.call(x, x, x);
                    return norm.call(x + output);
                }
            }
            """, "randn(5, 2, 8)");
        Assert.Equal(3, graph.Nodes.Single(node => node.Kind == LayerKind.MultiheadAttention).Inputs.Count);
    }

    [Fact]
    public void HandWrittenAttention()
    {
        var graph = AssertReadAsItRuns("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private const int Heads = 2;
                private readonly int size;
                private readonly Linear query, key, value, output;
                public Model(int width = 8) : base("m")
                {
                    size = width / Heads;
                    query = Linear(width, width);
                    key = Linear(width, width);
                    value = Linear(width, width);
                    output = Linear(width, width);
                    RegisterComponents();
                }
                private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], Heads, size).transpose(1, 2);
                public override Tensor forward(Tensor x)
                {
                    var (q, k, v) = (Split(query.call(x)), Split(key.call(x)), Split(value.call(x)));
                    var scores = torch.matmul(q, k.transpose(-2, -1)) / Math.Sqrt(size);
                    var mixed = torch.matmul(scores.softmax(-1), v);
                    return output.call(mixed.transpose(1, 2).contiguous().view(x.shape[0], x.shape[1], -1));
                }
            }
            """, "randn(2, 5, 8)");
        Assert.Equal(2, graph.Nodes.Count(node => node.Kind == LayerKind.MatMul));
        Assert.Equal(0.5, graph.Nodes.Single(node => node.Kind == LayerKind.Scale).Arguments.Number("factor"));
    }

    [Fact]
    public void TransformerEncoderTakesItsSizesFromItsLayer() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly TransformerEncoder encoder;
            private readonly Linear decoder;
            public Model() : base("m")
            {
                var layer = TransformerEncoderLayer(8, nhead: 2, dim_feedforward: 16, dropout: 0.1);
                encoder = TransformerEncoder(layer, 3);
                decoder = Linear(8, 10);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => decoder.call(encoder.call(x, null, null));
        }
        """, "randn(5, 2, 8)");

    [Fact]
    public void PositionalEncodingIsABuffer()
    {
        var graph = AssertReadAsItRuns("""
            public class Positions : nn.Module<Tensor, Tensor>
            {
                private readonly Dropout dropout;
                private readonly Tensor table;
                public Positions(long width, double p, int length = 16) : base("positions")
                {
                    dropout = Dropout(p);
                    var table = torch.zeros(length, width);
                    var position = torch.arange(0, length, 1).to(ScalarType.Float32).unsqueeze(1);
                    var scale = (torch.arange(0, width, 2).to(ScalarType.Float32) * (-Math.Log(10000.0) / width)).exp();
                    table[TensorIndex.Colon, TensorIndex.Slice(0, null, 2)] = (position * scale).sin();
                    table[TensorIndex.Colon, TensorIndex.Slice(1, null, 2)] = (position * scale).cos();
                    this.table = table.unsqueeze(0).transpose(0, 1);
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x) => dropout.call(x + table[TensorIndex.Slice(null, x.shape[0]), TensorIndex.Colon]);
            }

            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Positions positions = new(8, 0.1);
                private readonly Linear head = Linear(8, 4);
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor x) => head.call(positions.call(x * Math.Sqrt(8)));
            }
            """, "randn(5, 2, 8)");
        Assert.Single(graph.Nodes, node => node.Kind == LayerKind.Constant);
    }
}
