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
}
