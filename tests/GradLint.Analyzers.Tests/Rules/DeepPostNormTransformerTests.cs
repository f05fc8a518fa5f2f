using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class DeepPostNormTransformerTests
{
    [Fact]
    public Task TwelveEncoderLayers_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly TransformerEncoder encoder = {|GL4003:TransformerEncoder(TransformerEncoderLayer(64, 4, 128), 12)|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => encoder.call(x);
        }
        """);

    [Fact]
    public Task SixEncoderLayers_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly TransformerEncoder encoder = TransformerEncoder(TransformerEncoderLayer(64, 4, 128), 6);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => encoder.call(x);
        }
        """);

    [Theory]
    [InlineData(12, true), InlineData(24, true), InlineData(11, false), InlineData(2, false)]
    public Task DepthOfAStack_Decides(int layers, bool triggers) => Verify.DiagnosticsAsync(Stack($"{layers}", triggers));

    [Fact]
    public Task DepthFromAConstant_Triggers() => Verify.DiagnosticsAsync(
        "static class Settings { public const int Layers = 16; }", Stack("Settings.Layers", triggers: true));

    [Fact]
    public Task LayersInALoop_Trigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<TransformerEncoderLayer> layers = new();
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net")
            {
                for (var i = 0; i < 12; i++)
                    layers.Add({|GL4003:TransformerEncoderLayer(64, 4, 128)|});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x);
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task BlocksOfTheirOwnThatNormalizeTheSum_Trigger() => Verify.DiagnosticsAsync(Blocks("x = norm1.call(x + Attend(x));", "norm2.call(x + feed.call(x))", triggers: true));

    [Fact]
    public Task BlocksOfTheirOwnThatNormalizeBefore_DoNotTrigger() => Verify.DiagnosticsAsync(Blocks("x = x + Attend(norm1.call(x));", "x + feed.call(norm2.call(x))", triggers: false));

    [Fact]
    public Task Decoder_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor, Tensor>
        {
            private readonly TransformerDecoder decoder = TransformerDecoder(TransformerDecoderLayer(64, 4, 128), 6);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x, Tensor memory) => decoder.call(x, memory);
        }
        """);

    [Fact]
    public Task DepthThatOnlyTheUserKnows_DoesNotTrigger() => Verify.DiagnosticsAsync(Stack("int.Parse(Console.ReadLine()!)", triggers: false));

    [Fact]
    public Task DeepPerceptronWithNorms_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Enumerable.Range(0, 14).SelectMany(i => new Module<Tensor, Tensor>[] { Linear(64, 64), LayerNorm(64), ReLU() }));
        """);

    private static string Stack(string layers, bool triggers)
    {
        var construction = $"TransformerEncoder(TransformerEncoderLayer(64, 4, 128), {layers})";
        return $$"""
            class Net : Module<Tensor, Tensor>
            {
                private readonly TransformerEncoder encoder = {{(triggers ? "{|GL4003:" + construction + "|}" : construction)}};

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x) => encoder.call(x);
            }
            """;
    }

    private static string Blocks(string attend, string feed, bool triggers) => $$"""
        class Block : Module<Tensor, Tensor>
        {
            private readonly MultiheadAttention attention = MultiheadAttention(64, 4);
            private readonly LayerNorm norm1 = LayerNorm(64), norm2 = LayerNorm(64);
            private readonly Sequential feed = Sequential(Linear(64, 128), ReLU(), Linear(128, 64));

            public Block() : base("Block") => RegisterComponents();

            private Tensor Attend(Tensor x) => attention.call(x, x, x).Item1;

            public override Tensor forward(Tensor x)
            {
                {{attend}}
                return {{feed}};
            }
        }

        class {{(triggers ? "{|GL4003:Net|}" : "Net")}} : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(Enumerable.Range(0, 12).Select(i => (Module<Tensor, Tensor>)new Block()));
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(blocks.call(x));
        }
        """;
}
