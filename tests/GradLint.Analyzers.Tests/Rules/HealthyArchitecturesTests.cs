using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Tests.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>Published architectures that train well: no warning, and no hint but the ones named here.</summary>
public class HealthyArchitecturesTests
{
    private const string ResNet = """
        class BasicBlock : Module<Tensor, Tensor>
        {
            private readonly Sequential branch;
            private readonly Module<Tensor, Tensor>? shortcut;

            public BasicBlock(long inputs, long outputs, long stride) : base("BasicBlock")
            {
                branch = Sequential(
                    Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(outputs), ReLU(),
                    Conv2d(outputs, outputs, 3, padding: 1, bias: false), BatchNorm2d(outputs));
                if (inputs != outputs || stride != 1)
                    shortcut = Sequential(Conv2d(inputs, outputs, 1, stride: stride, bias: false), BatchNorm2d(outputs));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => functional.relu(branch.call(x) + (shortcut is null ? x : shortcut.call(x)));
        }

        class ResNet18 : Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(
                Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false), BatchNorm2d(64), ReLU(), MaxPool2d(3, 2, 1),
                new BasicBlock(64, 64, 1), new BasicBlock(64, 64, 1), new BasicBlock(64, 128, 2), new BasicBlock(128, 128, 1),
                new BasicBlock(128, 256, 2), new BasicBlock(256, 256, 1), new BasicBlock(256, 512, 2), new BasicBlock(512, 512, 1),
                AdaptiveAvgPool2d(1), Flatten(), Linear(512, 1000));

            public ResNet18() : base("ResNet18") => RegisterComponents();

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;

    private const string VGG = """
        class VGG16 : Module<Tensor, Tensor>
        {
            private readonly Sequential features, classifier;

            public VGG16() : base("VGG16")
            {
                var layers = new List<Module<Tensor, Tensor>>();
                long inputs = 3;
                foreach (var width in new long[] { 64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0 })
                {
                    if (width == 0)
                    {
                        layers.Add(MaxPool2d(2));
                        continue;
                    }

                    layers.Add(Conv2d(inputs, width, 3, padding: 1));
                    layers.Add(BatchNorm2d(width));
                    layers.Add(ReLU());
                    inputs = width;
                }

                features = Sequential(layers);
                classifier = Sequential(Linear(512 * 7 * 7, 4096), ReLU(), Dropout(), Linear(4096, 4096), ReLU(), Dropout(), Linear(4096, 1000));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => classifier.call(features.call(x).flatten(1));
        }
        """;

    private const string MobileNet = """
        class MobileNet : Module<Tensor, Tensor>
        {
            private readonly Sequential net;

            public MobileNet() : base("MobileNet")
            {
                var layers = new List<Module<Tensor, Tensor>> { Conv2d(3, 32, 3, stride: 2, padding: 1, bias: false), BatchNorm2d(32), ReLU6() };
                long inputs = 32;
                foreach (var (outputs, stride) in new (long, long)[] { (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (1024, 2), (1024, 1) })
                {
                    layers.AddRange(new Module<Tensor, Tensor>[]
                    {
                        Conv2d(inputs, inputs, 3, stride: stride, padding: 1, groups: inputs, bias: false), BatchNorm2d(inputs), ReLU6(),
                        Conv2d(inputs, outputs, 1, bias: false), BatchNorm2d(outputs), ReLU6(),
                    });
                    inputs = outputs;
                }

                layers.AddRange(new Module<Tensor, Tensor>[] { AdaptiveAvgPool2d(1), Flatten(), Linear(1024, 1000) });
                net = Sequential(layers);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;

    private const string DenseNet = """
        class DenseLayer : Module<Tensor, Tensor>
        {
            private readonly Sequential branch;

            public DenseLayer(long inputs, long growth) : base("DenseLayer")
            {
                branch = Sequential(
                    BatchNorm2d(inputs), ReLU(), Conv2d(inputs, 4 * growth, 1, bias: false),
                    BatchNorm2d(4 * growth), ReLU(), Conv2d(4 * growth, growth, 3, padding: 1, bias: false));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => torch.cat(new[] { x, branch.call(x) }, 1);
        }

        class DenseNet : Module<Tensor, Tensor>
        {
            private readonly Sequential net;

            public DenseNet() : base("DenseNet")
            {
                var layers = new List<Module<Tensor, Tensor>> { Conv2d(3, 64, 3, padding: 1, bias: false) };
                long channels = 64;
                for (var block = 0; block < 3; block++)
                {
                    for (var i = 0; i < 6; i++, channels += 32)
                        layers.Add(new DenseLayer(channels, 32));
                    layers.AddRange(new Module<Tensor, Tensor>[] { BatchNorm2d(channels), ReLU(), Conv2d(channels, channels / 2, 1, bias: false), AvgPool2d(2) });
                    channels /= 2;
                }

                layers.AddRange(new Module<Tensor, Tensor>[] { BatchNorm2d(channels), ReLU(), AdaptiveAvgPool2d(1), Flatten(), Linear(channels, 10) });
                net = Sequential(layers);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;

    private const string UNet = """
        class DoubleConv : Module<Tensor, Tensor>
        {
            private readonly Sequential net;

            public DoubleConv(long inputs, long outputs) : base("DoubleConv")
            {
                net = Sequential(
                    Conv2d(inputs, outputs, 3, padding: 1), BatchNorm2d(outputs), ReLU(),
                    Conv2d(outputs, outputs, 3, padding: 1), BatchNorm2d(outputs), ReLU());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => net.call(x);
        }

        class UNet : Module<Tensor, Tensor>
        {
            private readonly DoubleConv down1 = new(3, 64), down2 = new(64, 128), bottom = new(128, 256), up2 = new(256, 128), up1 = new(128, 64);
            private readonly ConvTranspose2d raise2 = ConvTranspose2d(256, 128, 2, stride: 2), raise1 = ConvTranspose2d(128, 64, 2, stride: 2);
            private readonly MaxPool2d pool = MaxPool2d(2);
            private readonly Conv2d head = Conv2d(64, 2, 1);

            public UNet() : base("UNet") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var a = down1.call(x);
                var b = down2.call(pool.call(a));
                var c = bottom.call(pool.call(b));
                var d = up2.call(torch.cat(new[] { b, raise2.call(c) }, 1));
                return head.call(up1.call(torch.cat(new[] { a, raise1.call(d) }, 1)));
            }
        }
        """;

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

    private const string DCGAN = """
        class Generator : Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(
                ConvTranspose2d(100, 512, 4, bias: false), BatchNorm2d(512), ReLU(),
                ConvTranspose2d(512, 256, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(256), ReLU(),
                ConvTranspose2d(256, 128, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(128), ReLU(),
                ConvTranspose2d(128, 3, 4, stride: 2, padding: 1, bias: false), Tanh());

            public Generator() : base("Generator")
            {
                RegisterComponents();
                foreach (var module in modules())
                {
                    if (module is ConvTranspose2d conv)
                        init.normal_(conv.weight, 0, 0.02);
                }
            }

            public override Tensor forward(Tensor z) => net.call(z);
        }

        class Discriminator : Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(
                Conv2d(3, 64, 4, stride: 2, padding: 1, bias: false), LeakyReLU(0.2),
                Conv2d(64, 128, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(128), LeakyReLU(0.2),
                Conv2d(128, 256, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(256), LeakyReLU(0.2),
                Conv2d(256, 1, 4, bias: false), Flatten(), Sigmoid());

            public Discriminator() : base("Discriminator") => RegisterComponents();

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;

    private const string ResNet50 = """
        class Bottleneck : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv1, conv2, conv3;
            private readonly BatchNorm2d bn1, bn2, bn3;
            private readonly ReLU relu = ReLU(inplace: true);
            private readonly Sequential downsample;

            public Bottleneck(long inputs, long width, long stride) : base("Bottleneck")
            {
                conv1 = Conv2d(inputs, width, 1, bias: false);
                bn1 = BatchNorm2d(width);
                conv2 = Conv2d(width, width, 3, stride: stride, padding: 1, bias: false);
                bn2 = BatchNorm2d(width);
                conv3 = Conv2d(width, 4 * width, 1, bias: false);
                bn3 = BatchNorm2d(4 * width);
                downsample = inputs == 4 * width && stride == 1
                    ? Sequential()
                    : Sequential(("0", Conv2d(inputs, 4 * width, 1, stride: stride, bias: false)), ("1", BatchNorm2d(4 * width)));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var y = relu.call(bn1.call(conv1.call(x)));
                y = relu.call(bn2.call(conv2.call(y)));
                y = bn3.call(conv3.call(y));
                return relu.call(y.add(downsample.call(x)));
            }
        }

        class ResNet50 : Module<Tensor, Tensor>
        {
            private readonly Sequential stem, body, head;
            private long channels = 64;

            public ResNet50(long classes = 1000) : base("ResNet50")
            {
                stem = Sequential(Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false), BatchNorm2d(64), ReLU(inplace: true), MaxPool2d(3, 2, 1));
                body = Sequential(Stage(64, 3, 1), Stage(128, 4, 2), Stage(256, 6, 2), Stage(512, 3, 2));
                head = Sequential(AdaptiveAvgPool2d(1), Flatten(), Linear(2048, classes));
                RegisterComponents();
                foreach (var module in modules())
                {
                    if (module is Conv2d conv)
                        init.kaiming_normal_(conv.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
                }
            }

            private Sequential Stage(long width, int blocks, long stride)
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < blocks; i++)
                {
                    layers.Add(new Bottleneck(channels, width, i == 0 ? stride : 1));
                    channels = 4 * width;
                }

                return Sequential(layers);
            }

            public override Tensor forward(Tensor x) => head.call(body.call(stem.call(x)));
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

    private const string VisionTransformer = """
        class VisionTransformer : Module<Tensor, Tensor>
        {
            private readonly Conv2d patches = Conv2d(3, 192, 16, stride: 16);
            private readonly Parameter token = Parameter(torch.zeros(1, 1, 192)), positions = Parameter(torch.randn(1, 197, 192) * 0.02);
            private readonly TransformerEncoder encoder = TransformerEncoder(TransformerEncoderLayer(192, 3, 768, 0.0, Activations.GELU), 6);
            private readonly Linear head = Linear(192, 1000);

            public VisionTransformer() : base("VisionTransformer") => RegisterComponents();

            public override Tensor forward(Tensor image)
            {
                var x = patches.call(image).flatten(2).transpose(1, 2);
                x = torch.cat(new[] { token.expand(x.shape[0], -1, -1), x }, 1) + positions;
                return head.call(encoder.call(x.transpose(0, 1), null, null)[0]);
            }
        }
        """;

    private const string VariationalAutoencoder = """
        class VariationalAutoencoder : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(784, 400), mean = Linear(400, 20), logVariance = Linear(400, 20), lift = Linear(20, 400), output = Linear(400, 784);

            public VariationalAutoencoder() : base("VariationalAutoencoder") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var h = functional.relu(hidden.call(x.view(-1, 784)));
                var spread = torch.exp(0.5 * logVariance.call(h));
                var z = mean.call(h) + torch.randn_like(spread) * spread;
                return torch.sigmoid(output.call(functional.relu(lift.call(z))));
            }
        }
        """;

    private const string SqueezeExcite = """
        class SqueezeExcite : Module<Tensor, Tensor>
        {
            private readonly Conv2d stem = Conv2d(3, 64, 3, padding: 1, bias: false), next = Conv2d(64, 64, 3, padding: 1, bias: false);
            private readonly BatchNorm2d norm1 = BatchNorm2d(64), norm2 = BatchNorm2d(64);
            private readonly Linear squeeze = Linear(64, 16), excite = Linear(16, 64), head = Linear(64, 10);

            public SqueezeExcite() : base("SqueezeExcite") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = functional.relu(norm1.call(stem.call(x)));
                var branch = norm2.call(next.call(x));
                var gate = torch.sigmoid(excite.call(functional.relu(squeeze.call(branch.mean(new long[] { 2, 3 })))));
                x = functional.relu(x + branch * gate.view(gate.shape[0], 64, 1, 1));
                return head.call(x.mean(new long[] { 2, 3 }));
            }
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

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task HealthyArchitecture_HasOnlyTheExpectedHints(string name, string program, string[] hints)
    {
        SyntaxTree[] trees = [AllAnalyzers.Parse(program, name + ".cs"), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")];
        Assert.Empty(AllAnalyzers.Compile(trees).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        var findings = await AllAnalyzers.DiagnosticsAsync(trees);

        Assert.DoesNotContain(findings, finding => finding.Severity >= DiagnosticSeverity.Warning);
        Assert.Equal(hints, findings.Select(finding => finding.Id).Distinct());
    }

    /// <summary>Silence is worth something only where the model is known: nothing of a whole model may stay unpredicted.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void HealthyArchitecture_IsPredicted(string name, string program)
    {
        var compilation = AllAnalyzers.Compile([AllAnalyzers.Parse(program, name + ".cs"), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")]);
        var types = KnownTypes.From(compilation)!;
        var extractor = new ModelExtractor(compilation, types);
        var wholes = compilation.Assembly.GlobalNamespace.GetTypeMembers().Where(types.IsModule).Select(type => extractor.FromType(type, default))
            .Where(graph => graph.Status == GraphStatus.Known && graph.Parameters.Count > 0).ToArray();

        Assert.NotEmpty(wholes);
        Assert.All(wholes, graph => Assert.Empty(Predictor.Predict(graph, PredictionOptions.Default).Unknown));
    }
}
