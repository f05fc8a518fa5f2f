using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class NormalizationAfterSaturationTests
{
    [Fact]
    public Task BatchNormAfterTanh_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), Tanh(), {|GL4002:BatchNorm1d(64)|}, Linear(64, 10));
        """);

    [Fact]
    public Task BatchNormBeforeTanh_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), BatchNorm1d(64), Tanh(), Linear(64, 10));
        """);

    [Fact]
    public Task BatchNormAfterReLU_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), ReLU(), BatchNorm1d(64), Linear(64, 10));
        """);

    [Fact]
    public Task LayerNormAfterSigmoid_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), Sigmoid(), {|GL4002:LayerNorm(64)|}, Linear(64, 10));
        """);

    [Fact]
    public Task BatchNorm2dAfterTanhOfAConvolution_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 8, 3), Tanh(), {|GL4002:BatchNorm2d(8)|}, Flatten());
        """);

    [Fact]
    public Task FunctionalForm_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(32, 64), head = Linear(64, 4);
            private readonly LayerNorm norm = {|GL4002:LayerNorm(64)|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(norm.call(torch.tanh(hidden.call(x))));
        }
        """);

    /// <summary>One construction, one finding, however often the loop runs.</summary>
    [Fact]
    public Task Loop_TriggersOnce() => Verify.DiagnosticsAsync("""
        var layers = new List<Module<Tensor, Tensor>>();
        for (var i = 0; i < 4; i++)
        {
            layers.Add(Linear(64, 64));
            layers.Add(Hardsigmoid());
            layers.Add({|GL4002:BatchNorm1d(64)|});
        }

        layers.Add(Linear(64, 10));
        var net = Sequential(layers);
        """);

    [Fact]
    public Task BlockInAnotherFile_TriggersThere() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(Linear(16, 16), Tanh(), {|GL4002:BatchNorm1d(16)|});

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """, """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Block first = new();
            private readonly Linear head = Linear(16, 4);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(first.call(x));
        }
        """);

    [Fact]
    public Task NormOfAResidualSum_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(64, 64), head = Linear(64, 4);
            private readonly LayerNorm norm = LayerNorm(64);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(norm.call(x + torch.tanh(hidden.call(x))));
        }
        """);

    [Fact]
    public Task NormAfterAPool_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 8, 3), Tanh(), AvgPool2d(2), BatchNorm2d(8), Flatten());
        """);

    [Fact]
    public Task NormAfterDropout_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), ReLU(), Dropout(0.1), LayerNorm(64), Linear(64, 10));
        """);

    /// <summary>A gate is no layer's activation.</summary>
    [Fact]
    public Task NormOfAGatedProduct_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear gate = Linear(64, 64), value = Linear(64, 64), head = Linear(64, 4);
            private readonly LayerNorm norm = LayerNorm(64);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(norm.call(torch.sigmoid(gate.call(x)) * value.call(x)));
        }
        """);

    [Fact]
    public Task SmoothActivation_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), GELU(), LayerNorm(64), Linear(64, 10));
        """);
}
