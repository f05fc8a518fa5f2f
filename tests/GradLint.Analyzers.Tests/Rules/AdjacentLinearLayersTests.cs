using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class AdjacentLinearLayersTests
{
    [Fact]
    public Task NothingBetween_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), {|GL1006:Linear(128, 64)|}, ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task OnlyDropoutBetween_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), Dropout(0.5), {|GL1006:Linear(128, 64)|}, ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task ActivationBetween_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), ReLU(), Linear(128, 10));
        """);

    [Fact]
    public Task FactoredMatrix_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 8), Linear(8, 64), ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task SeparableConvolution_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(16, 16, 3, groups: 16), Conv2d(16, 32, 1), ReLU());
        """);

    [Fact]
    public Task FieldsOfAType_Trigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first = Linear(32, 64), second = {|GL1006:Linear(64, 64)|}, head = Linear(64, 4);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(functional.relu(second.call(first.call(x))));
        }
        """);

    [Fact]
    public Task LayersInALoop_Trigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 2; i++)
                    layers.Add({|GL1006:Linear(32, 32)|});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x);
                return x;
            }
        }
        """);

    [Fact]
    public Task AcrossBlocks_Triggers() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(Linear(16, 16), ReLU(), Linear(16, 16));

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """, """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Block first = new();
            private readonly Linear head = {|GL1006:Linear(16, 16)|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(first.call(x));
        }
        """);

    [Fact]
    public Task IdentityBetween_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), Identity(), {|GL1006:Linear(128, 64)|}, ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task NormBetween_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), LayerNorm(128), Linear(128, 10));
        """);

    /// <summary>Two heads of one layer: the layer is not in vain.</summary>
    [Fact]
    public Task SharedProjection_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear shared = Linear(64, 64), left = Linear(64, 64), right = Linear(64, 64);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var y = shared.call(x);
                return torch.tanh(left.call(y)) * torch.sigmoid(right.call(y));
            }
        }
        """);

    [Fact]
    public Task ResidualSumBetween_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first = Linear(64, 64), second = Linear(64, 64);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => second.call(x + first.call(x));
        }
        """);
}
