using GradLint.Core.Model;
using static GradLint.Analyzers.Tests.Extraction.ReadAsItRuns;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>Well-known architectures, written as TorchSharp programs write them.</summary>
public class PublishedModelsTests
{
    [Fact]
    public void AlexNet() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> features, pool, classifier;
            public Model(string name = "alexnet", int classes = 10, torch.Device device = null) : base(name)
            {
                features = Sequential(
                    ("conv1", Conv2d(3, 64, kernel_size: 3, stride: 2, padding: 1)),
                    ("act1", ReLU(inplace: true)),
                    ("pool1", MaxPool2d(kernel_size: new long[] { 2, 2 })),
                    ("conv2", Conv2d(64, 192, kernel_size: 3, padding: 1)),
                    ("act2", ReLU(inplace: true)),
                    ("pool2", MaxPool2d(kernel_size: new long[] { 2, 2 })),
                    ("conv3", Conv2d(192, 384, kernel_size: 3, padding: 1)),
                    ("act3", ReLU(inplace: true)),
                    ("conv4", Conv2d(384, 256, kernel_size: 3, padding: 1)),
                    ("act4", ReLU(inplace: true)),
                    ("conv5", Conv2d(256, 256, kernel_size: 3, padding: 1)),
                    ("act5", ReLU(inplace: true)),
                    ("pool3", MaxPool2d(kernel_size: new long[] { 2, 2 })));
                pool = AdaptiveAvgPool2d(new long[] { 2, 2 });
                classifier = Sequential(
                    ("drop1", Dropout(0.4)),
                    ("fc1", Linear(256 * 2 * 2, 64)),
                    ("act1", ReLU(inplace: true)),
                    ("drop2", Dropout()),
                    ("fc2", Linear(64, 64)),
                    ("act3", ReLU(inplace: true)),
                    ("fc3", Linear(64, classes)));
                RegisterComponents();
                if (device != null && device.type != DeviceType.CPU)
                    this.to(device);
            }
            public override Tensor forward(Tensor input)
            {
                var f = features.call(input);
                var avg = pool.call(f);
                var x = avg.view(new long[] { avg.shape[0], 256 * 2 * 2 });
                return classifier.call(x);
            }
        }
        """, "randn(2, 3, 32, 32)");

    [Theory]
    [InlineData("vgg11")]
    [InlineData("vgg13")]
    public void Vgg(string name) => AssertReadAsItRuns($$"""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Dictionary<string, long[]> channels = new Dictionary<string, long[]>
            {
                { "vgg11", new long[] { 8, 0, 16, 0, 32, 32, 0, 64, 64, 0, 64, 64, 0 } },
                { "vgg13", new long[] { 8, 8, 0, 16, 16, 0, 32, 32, 0, 64, 64, 0, 64, 64, 0 } },
            };
            private readonly nn.Module<Tensor, Tensor> layers;
            public Model(string name = "{{name}}", int classes = 10) : base(name)
            {
                var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
                long input = 3;
                for (var i = 0; i < channels[name].Length; i++)
                {
                    if (channels[name][i] == 0)
                    {
                        modules.Add(($"pool{i}", MaxPool2d(kernel_size: 2, stride: 2)));
                    }
                    else
                    {
                        modules.Add(($"conv{i}a", Conv2d(input, channels[name][i], kernel_size: 3, padding: 1)));
                        modules.Add(($"norm{i}a", BatchNorm2d(channels[name][i])));
                        modules.Add(($"act{i}b", ReLU(inplace: true)));
                        input = channels[name][i];
                    }
                }
                modules.Add(("pool", AvgPool2d(kernel_size: 1, stride: 1)));
                modules.Add(("flatten", Flatten()));
                modules.Add(("head", Linear(64, classes)));
                layers = Sequential(modules);
                RegisterComponents();
            }
            public override Tensor forward(Tensor input) => layers.call(input);
        }
        """, "randn(2, 3, 32, 32)");

    [Fact]
    public void MobileNet() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly long[] widths = { 8, 16, 16, 32 };
            private readonly long[] strides = { 1, 2, 1, 2 };
            private readonly nn.Module<Tensor, Tensor> layers;
            public Model(string name = "mobilenet", int classes = 10) : base(name)
            {
                if (widths.Length != strides.Length)
                    throw new ArgumentException("widths and strides differ");
                var modules = new List<(string, nn.Module<Tensor, Tensor>)>
                {
                    ("stem", Conv2d(3, 8, kernel_size: 3, stride: 1, padding: 1, bias: false)),
                    ("stem-norm", BatchNorm2d(8)),
                    ("stem-act", ReLU()),
                };
                AddStage(modules, 8);
                modules.Add(("pool", AvgPool2d(new long[] { 2, 2 })));
                modules.Add(("flatten", Flatten()));
                modules.Add(("head", Linear(widths[^1] * 16, classes)));
                layers = Sequential(modules);
                RegisterComponents();
            }
            private void AddStage(List<(string, nn.Module<Tensor, Tensor>)> modules, long inputs)
            {
                for (var i = 0; i < strides.Length; i++)
                {
                    var outputs = widths[i];
                    var stride = strides[i];
                    modules.Add(($"conv{i}a", Conv2d(inputs, inputs, kernel_size: 3, stride: stride, padding: 1, groups: inputs, bias: false)));
                    modules.Add(($"norm{i}a", BatchNorm2d(inputs)));
                    modules.Add(($"act{i}a", ReLU()));
                    modules.Add(($"conv{i}b", Conv2d(inputs, outputs, kernel_size: 1L, stride: 1L, padding: 0L, bias: false)));
                    modules.Add(($"norm{i}b", BatchNorm2d(outputs)));
                    modules.Add(($"act{i}b", ReLU()));
                    inputs = outputs;
                }
            }
            public override Tensor forward(Tensor input) => layers.call(input);
        }
        """, "randn(2, 3, 32, 32)");

    [Theory]
    [InlineData("ResNet18")]
    [InlineData("ResNet50")]
    public void ResNet(string name)
    {
        var graph = AssertReadAsItRuns($$"""
            public class ResNet : nn.Module<Tensor, Tensor>
            {
                private readonly Sequential layers;
                private int widths = 8;
                public static ResNet ResNet18(int classes) =>
                    new ResNet("ResNet18", (n, i, p, s) => new BasicBlock(n, i, p, s), BasicBlock.Expansion, new[] { 2, 2, 2, 2 }, classes);
                public static ResNet ResNet50(int classes) =>
                    new ResNet("ResNet50", (n, i, p, s) => new Bottleneck(n, i, p, s), Bottleneck.Expansion, new[] { 3, 4, 6, 3 }, classes);
                public ResNet(string name, Func<string, int, int, int, nn.Module<Tensor, Tensor>> block, int expansion, IList<int> counts, int classes) : base(name)
                {
                    var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
                    modules.Add(("stem", Conv2d(3, 8, kernel_size: 3, stride: 1, padding: 1, bias: false)));
                    modules.Add(("stem-norm", BatchNorm2d(8)));
                    modules.Add(("stem-act", ReLU(inplace: true)));
                    AddStage(modules, block, expansion, 8, counts[0], 1);
                    AddStage(modules, block, expansion, 16, counts[1], 2);
                    AddStage(modules, block, expansion, 32, counts[2], 2);
                    AddStage(modules, block, expansion, 64, counts[3], 2);
                    modules.Add(("pool", AdaptiveAvgPool2d(new long[] { 1, 1 })));
                    modules.Add(("flatten", Flatten()));
                    modules.Add(("head", Linear(64 * expansion, classes)));
                    layers = Sequential(modules);
                    RegisterComponents();
                }
                private void AddStage(List<(string, nn.Module<Tensor, Tensor>)> modules, Func<string, int, int, int, nn.Module<Tensor, Tensor>> block, int expansion, int width, int count, int stride)
                {
                    var strides = new List<int>();
                    strides.Add(stride);
                    for (var i = 0; i < count - 1; i++) { strides.Add(1); }
                    for (var i = 0; i < strides.Count; i++)
                    {
                        var s = strides[i];
                        modules.Add(($"stage{width}-{i}", block($"stage{width}-{i}", widths, width, s)));
                        widths = width * expansion;
                    }
                }
                public override Tensor forward(Tensor input) => layers.call(input);
            }

            public class BasicBlock : nn.Module<Tensor, Tensor>
            {
                public const int Expansion = 1;
                private readonly nn.Module<Tensor, Tensor> layers, shortcut;
                public BasicBlock(string name, int inputs, int widths, int stride) : base(name)
                {
                    var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
                    modules.Add(($"{name}-conv1", Conv2d(inputs, widths, kernel_size: 3, stride: stride, padding: 1, bias: false)));
                    modules.Add(($"{name}-norm1", BatchNorm2d(widths)));
                    modules.Add(($"{name}-act1", ReLU(inplace: true)));
                    modules.Add(($"{name}-conv2", Conv2d(widths, widths, kernel_size: 3, stride: 1, padding: 1, bias: false)));
                    modules.Add(($"{name}-norm2", BatchNorm2d(widths)));
                    layers = Sequential(modules);
                    if (stride != 1 || inputs != Expansion * widths)
                        shortcut = Sequential(
                            ($"{name}-conv3", Conv2d(inputs, Expansion * widths, kernel_size: 1L, stride: stride, bias: false)),
                            ($"{name}-norm3", BatchNorm2d(Expansion * widths)));
                    else
                        shortcut = Sequential();
                    modules.Add(($"{name}-act2", ReLU(inplace: true)));
                    RegisterComponents();
                }
                public override Tensor forward(Tensor input)
                {
                    using var y = shortcut.call(input);
                    var x = layers.call(input);
                    return x.add_(y).relu_();
                }
            }

            public class Bottleneck : nn.Module<Tensor, Tensor>
            {
                public const int Expansion = 4;
                private readonly nn.Module<Tensor, Tensor> layers;
                private readonly nn.Module<Tensor, Tensor>? shortcut;
                public Bottleneck(string name, int inputs, int widths, int stride) : base(name)
                {
                    layers = Sequential(
                        ($"{name}-conv1", Conv2d(inputs, widths, kernel_size: 1L, bias: false)),
                        ($"{name}-norm1", BatchNorm2d(widths)),
                        ($"{name}-act1", ReLU(inplace: true)),
                        ($"{name}-conv2", Conv2d(widths, widths, kernel_size: 3, stride: stride, padding: 1, bias: false)),
                        ($"{name}-norm2", BatchNorm2d(widths)),
                        ($"{name}-act2", ReLU(inplace: true)),
                        ($"{name}-conv3", Conv2d(widths, Expansion * widths, kernel_size: 1L, bias: false)),
                        ($"{name}-norm3", BatchNorm2d(Expansion * widths)));
                    if (stride != 1 || inputs != Expansion * widths)
                        shortcut = Sequential(Conv2d(inputs, Expansion * widths, kernel_size: 1L, stride: stride, bias: false), BatchNorm2d(Expansion * widths));
                    RegisterComponents();
                }
                public override Tensor forward(Tensor input)
                {
                    var x = layers.call(input);
                    var y = shortcut is null ? input : shortcut.call(input);
                    return functional.relu(x + y, inplace: true);
                }
            }

            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly ResNet net = ResNet.{{name}}(10);
                public Model() : base("model") => RegisterComponents();
                public override Tensor forward(Tensor x) => net.call(x);
            }
            """.Replace("shortcut = Sequential();", "shortcut = Identity();"), "randn(2, 3, 16, 16)");
        Assert.Equal(name == "ResNet18" ? 8 : 16, graph.Nodes.Count(node => node.Kind == LayerKind.Add));
    }

    [Fact]
    public void TextClassification() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly EmbeddingBag embedding;
            private readonly Linear fc;
            public Model(long words = 50, long width = 8, long classes = 4) : base("TextClassification")
            {
                embedding = EmbeddingBag(words, width, sparse: false);
                fc = Linear(width, classes);
                Initialise();
                RegisterComponents();
            }
            private void Initialise()
            {
                var range = 0.5;
                init.uniform_(embedding.weight, -range, range);
                init.uniform_(fc.weight, -range, range);
                init.zeros_(fc.bias);
            }
            public override Tensor forward(Tensor input, Tensor offsets) => fc.call(embedding.call(input, offsets));
            public new Tensor call(Tensor input, Tensor offsets) => base.call(input, offsets);
        }
        """, "torch.randint(0, 50, new long[] { 9 }), torch.tensor(new long[] { 0, 4 })");

    [Fact]
    public void SequenceToSequence() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly TransformerEncoder transformer;
            private readonly PositionalEncoding positions;
            private readonly Embedding encoder;
            private readonly Linear decoder;
            private readonly long width;
            public Model(long words = 30, long width = 8, long heads = 2, long hidden = 16, long layers = 2, double dropout = 0.5) : base("Transformer")
            {
                this.width = width;
                positions = new PositionalEncoding(width, dropout);
                var layer = TransformerEncoderLayer(width, heads, hidden, dropout);
                transformer = TransformerEncoder(layer, layers);
                encoder = Embedding(words, width);
                decoder = Linear(width, words);
                Initialise();
                RegisterComponents();
            }
            public Tensor CausalMask(long size)
            {
                var mask = (torch.ones(new long[] { size, size }) == 1).triu().transpose(0, 1);
                return mask.to_type(ScalarType.Float32).masked_fill(mask == 0, float.NegativeInfinity).masked_fill(mask == 1, 0.0f);
            }
            private void Initialise()
            {
                var range = 0.1;
                init.uniform_(encoder.weight, -range, range);
                init.zeros_(decoder.bias);
                init.uniform_(decoder.weight, -range, range);
            }
            public override Tensor forward(Tensor t, Tensor mask)
            {
                var source = positions.call(encoder.call(t) * (float)Math.Sqrt(width));
                var output = transformer.call(source, mask, null);
                return decoder.call(output);
            }
        }

        public class PositionalEncoding : nn.Module<Tensor, Tensor>
        {
            private nn.Module<Tensor, Tensor> dropout;
            private Tensor pe;
            public PositionalEncoding(long width, double p, int length = 64) : base("PositionalEncoding")
            {
                dropout = Dropout(p);
                var pe = torch.zeros(new long[] { length, width });
                var position = torch.arange(0, length, 1).unsqueeze(1);
                var divisor = (torch.arange(0, width, 2) * (-Math.Log(10000.0) / width)).exp();
                pe[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)] = (position * divisor).sin();
                pe[TensorIndex.Ellipsis, TensorIndex.Slice(1, null, 2)] = (position * divisor).cos();
                this.pe = pe.unsqueeze(0).transpose(0, 1);
                RegisterComponents();
            }
            public override Tensor forward(Tensor t)
            {
                using var x = t + pe[TensorIndex.Slice(null, t.shape[0]), TensorIndex.Slice()];
                return dropout.call(x);
            }
        }
        """, "torch.randint(0, 30, new long[] { 5, 2 }), torch.zeros(5, 5)");
}
