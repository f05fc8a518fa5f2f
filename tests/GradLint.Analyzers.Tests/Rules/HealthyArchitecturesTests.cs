using GradLint.Analyzers.Tests.Framework;
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

    public static TheoryData<string, string, string[]> Architectures => new()
    {
        { nameof(ResNet), ResNet, [] },
        { nameof(VGG), VGG, [] },
        { nameof(MobileNet), MobileNet, [] },
        { nameof(DenseNet), DenseNet, [] },
        { nameof(UNet), UNet, [] },
        { nameof(GPT2), GPT2, [] },
        { nameof(BERT), BERT, ["GL4003"] },
        { nameof(Tagger), Tagger, ["GL3004"] },
        { nameof(DCGAN), DCGAN, [] },
    };

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
}
