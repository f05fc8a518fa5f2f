namespace GradLint.Analyzers.Tests.Rules;

/// <content>Networks for images.</content>
public partial class HealthyArchitecturesTests
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
}
