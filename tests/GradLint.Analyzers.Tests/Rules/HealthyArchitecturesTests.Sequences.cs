namespace GradLint.Analyzers.Tests.Rules;

/// <content>Networks for text, and for what an agent observes.</content>
public partial class HealthyArchitecturesTests
{
    private const string GPT2 = """
        class GPTBlock : Module<Tensor, Tensor>
        {
            private readonly LayerNorm norm1 = LayerNorm(768), norm2 = LayerNorm(768);
            private readonly MultiheadAttention attention = MultiheadAttention(768, 12);
            private readonly Sequential feedForward = Sequential(Linear(768, 3072), GELU(), Linear(3072, 768));

            public GPTBlock() : base("GPTBlock") => RegisterComponents();

            private Tensor Attend(Tensor x) => attention.call(x, x, x).Item1;

            public override Tensor forward(Tensor x)
            {
                x = x + Attend(norm1.call(x));
                return x + feedForward.call(norm2.call(x));
            }
        }

        class GPT2 : Module<Tensor, Tensor>
        {
            private readonly Embedding tokens = Embedding(50257, 768);
            private readonly ModuleList<GPTBlock> blocks = new();
            private readonly LayerNorm norm = LayerNorm(768);
            private readonly Linear head = Linear(768, 50257, hasBias: false);

            public GPT2() : base("GPT2")
            {
                for (var i = 0; i < 12; i++)
                    blocks.Add(new GPTBlock());
                RegisterComponents();
            }

            public override Tensor forward(Tensor ids)
            {
                var x = tokens.call(ids);
                foreach (var block in blocks)
                    x = block.call(x);
                return head.call(norm.call(x));
            }
        }
        """;

    /// <summary>GPT-2 small as people write it: attention in its own code, positions embedded, weights of N(0, 0.02²), the last of each branch smaller.</summary>
    private const string GPT2Small = """
        class CausalAttention : Module<Tensor, Tensor>
        {
            private readonly Linear project, output;
            private readonly Dropout dropout = Dropout(0.1);

            public CausalAttention() : base("CausalAttention")
            {
                project = Linear(768, 3 * 768);
                output = Linear(768, 768);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var (batch, time) = (x.shape[0], x.shape[1]);
                var parts = project.call(x).chunk(3, -1);
                Tensor Heads(Tensor t) => t.view(batch, time, 12, 64).transpose(1, 2);
                var scores = Heads(parts[0]).matmul(Heads(parts[1]).transpose(-2, -1)) / Math.Sqrt(64);
                var mask = torch.ones(time, time).tril() == 0;
                var weights = dropout.call(functional.softmax(scores.masked_fill(mask, double.NegativeInfinity), -1));
                return output.call(weights.matmul(Heads(parts[2])).transpose(1, 2).contiguous().view(batch, time, 768));
            }
        }

        class Block : Module<Tensor, Tensor>
        {
            private readonly LayerNorm norm1 = LayerNorm(768), norm2 = LayerNorm(768);
            private readonly CausalAttention attention = new();
            private readonly Sequential feedForward = Sequential(("fc", Linear(768, 3072)), ("act", GELU()), ("output", Linear(3072, 768)), ("drop", Dropout(0.1)));

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = x + attention.call(norm1.call(x));
                return x + feedForward.call(norm2.call(x));
            }
        }

        class GPT2Small : Module<Tensor, Tensor>
        {
            private readonly Embedding tokens = Embedding(50257, 768), positions = Embedding(1024, 768);
            private readonly ModuleList<Block> blocks = new();
            private readonly LayerNorm norm = LayerNorm(768);
            private readonly Linear head = Linear(768, 50257, hasBias: false);

            public GPT2Small() : base("GPT2Small")
            {
                for (var i = 0; i < 12; i++)
                    blocks.Add(new Block());
                RegisterComponents();
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1)
                        init.normal_(parameter, 0, name.EndsWith("output.weight") ? 0.02 / Math.Sqrt(24) : 0.02);
                }
            }

            public override Tensor forward(Tensor ids)
            {
                var x = tokens.call(ids) + positions.call(torch.arange(ids.shape[1]));
                foreach (var block in blocks)
                    x = block.call(x);
                return head.call(norm.call(x));
            }
        }
        """;

    private const string BERT = """
        class BERT : Module<Tensor, Tensor>
        {
            private readonly Embedding tokens = Embedding(30522, 768);
            private readonly LayerNorm norm = LayerNorm(768);
            private readonly TransformerEncoder encoder = TransformerEncoder(TransformerEncoderLayer(768, 12, 3072, 0.1, Activations.GELU), 12);
            private readonly Linear head = Linear(768, 2);

            public BERT() : base("BERT") => RegisterComponents();

            public override Tensor forward(Tensor ids) => head.call(encoder.call(norm.call(tokens.call(ids)), null, null)[0]);
        }
        """;

    private const string Tagger = """
        class Tagger : Module<Tensor, Tensor>
        {
            private readonly Embedding embedding = Embedding(5000, 100);
            private readonly LSTM lstm = LSTM(100, 128, numLayers: 2, batchFirst: true, bidirectional: true);
            private readonly Linear head = Linear(256, 17);

            public Tagger() : base("Tagger") => RegisterComponents();

            public override Tensor forward(Tensor tokens)
            {
                var (output, _, _) = lstm.call(embedding.call(tokens));
                return head.call(output);
            }
        }
        """;

    private const string SequenceToSequence = """
        class PositionalEncoding : Module<Tensor, Tensor>
        {
            private readonly Dropout dropout = Dropout(0.1);
            private readonly Tensor codes;

            public PositionalEncoding(long width, int length) : base("PositionalEncoding")
            {
                var table = torch.zeros(length, width);
                var position = torch.arange(0, length).unsqueeze(1);
                var rates = (torch.arange(0, width, 2) * (-Math.Log(10000.0) / width)).exp();
                table[TensorIndex.Colon, TensorIndex.Slice(0, null, 2)] = (position * rates).sin();
                table[TensorIndex.Colon, TensorIndex.Slice(1, null, 2)] = (position * rates).cos();
                codes = table.unsqueeze(1);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => dropout.call(x + codes[TensorIndex.Slice(null, x.shape[0])]);
        }

        class SequenceToSequence : Module<Tensor, Tensor>
        {
            private readonly Embedding source = Embedding(8000, 256), target = Embedding(8000, 256);
            private readonly PositionalEncoding positions = new(256, 5000);
            private readonly Transformer transformer = Transformer(256, 8, 3, 3, 1024);
            private readonly Linear head = Linear(256, 8000);

            public SequenceToSequence() : base("SequenceToSequence") => RegisterComponents();

            public override Tensor forward(Tensor ids) =>
                head.call(transformer.call(positions.call(source.call(ids) * 16), positions.call(target.call(ids) * 16)));
        }
        """;

    private const string DuelingNetwork = """
        class DuelingNetwork : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(Linear(8, 128), ReLU(), Linear(128, 128), ReLU());
            private readonly Linear value = Linear(128, 1), advantage = Linear(128, 4);

            public DuelingNetwork() : base("DuelingNetwork") => RegisterComponents();

            public override Tensor forward(Tensor state)
            {
                var x = body.call(state);
                var a = advantage.call(x);
                return value.call(x) + a - a.mean(new long[] { 1 }, keepdim: true);
            }
        }
        """;

    private const string TextCNN = """
        class TextCNN : Module<Tensor, Tensor>
        {
            private readonly Embedding embedding = Embedding(20000, 128);
            private readonly ModuleList<Conv1d> filters = new();
            private readonly Dropout dropout = Dropout(0.5);
            private readonly Linear head = Linear(300, 2);

            public TextCNN() : base("TextCNN")
            {
                foreach (var size in new long[] { 3, 4, 5 })
                    filters.Add(Conv1d(128, 100, size));
                RegisterComponents();
            }

            public override Tensor forward(Tensor tokens)
            {
                var x = embedding.call(tokens).transpose(1, 2);
                var pooled = filters.Select(filter => functional.relu(filter.call(x)).max(2).values).ToArray();
                return head.call(dropout.call(torch.cat(pooled, 1)));
            }
        }
        """;

    public static TheoryData<string, string, string[]> Architectures => new()
    {
        { nameof(ResNet), ResNet, [] },
        { nameof(ResNet50), ResNet50, [] },
        { nameof(VGG), VGG, [] },
        { nameof(MobileNet), MobileNet, [] },
        { nameof(DenseNet), DenseNet, [] },
        { nameof(UNet), UNet, [] },
        { nameof(GPT2), GPT2, [] },
        { nameof(GPT2Small), GPT2Small, [] },
        { nameof(BERT), BERT, ["GL4003"] },
        { nameof(SequenceToSequence), SequenceToSequence, [] },
        { nameof(VisionTransformer), VisionTransformer, [] },
        { nameof(Tagger), Tagger, ["GL3004"] },
        { nameof(DCGAN), DCGAN, [] },
        { nameof(VariationalAutoencoder), VariationalAutoencoder, [] },
        { nameof(SqueezeExcite), SqueezeExcite, [] },
        { nameof(DuelingNetwork), DuelingNetwork, [] },
        { nameof(TextCNN), TextCNN, [] },
    };

    public static TheoryData<string, string> Programs => [.. Architectures.Select(row => (row.Data.Item1, row.Data.Item2))];
}
