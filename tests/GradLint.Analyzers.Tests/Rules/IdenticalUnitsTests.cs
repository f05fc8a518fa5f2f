using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class IdenticalUnitsTests
{
    [Fact]
    public Task ConstantLayersInARow_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        var head = Linear(64, 10);
        {|GL2003:init.constant_(fc.weight, 0.1)|};
        init.zeros_(fc.bias);
        init.zeros_(head.weight);
        init.zeros_(head.bias);
        var net = Sequential(fc, ReLU(), head);
        """);

    [Fact]
    public Task OneConstantLayer_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        init.constant_(fc.weight, 0.1);
        init.zeros_(fc.bias);
        var net = Sequential(fc, ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task ZeroedHead_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var head = Linear(64, 10);
        init.zeros_(head.weight);
        init.zeros_(head.bias);
        var net = Sequential(Linear(64, 64), ReLU(), head);
        """);

    [Fact]
    public Task NormScales_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), LayerNorm(64), ReLU(), LayerNorm(64), Linear(64, 10));
        """);

    [Fact]
    public Task ZeroLayersInARow_Triggers() => Verify.DiagnosticsAsync(Net("{|GL2003:init.zeros_(first.weight)|}", "init.zeros_(second.weight)"));

    [Fact]
    public Task OnesThroughALoop_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(Linear(8, 8), Tanh(), Linear(8, 2));

            public Net() : base("Net")
            {
                RegisterComponents();
                foreach (var parameter in parameters())
                    {|GL2003:init.ones_(parameter)|};
            }

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """);

    [Fact]
    public Task LayersWithoutBias_Trigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64, hasBias: false);
        var head = Linear(64, 10, hasBias: false);
        {|GL2003:init.constant_(fc.weight, 0.1)|};
        init.constant_(head.weight, 0.2);
        var net = Sequential(fc, ReLU(), Dropout(0.5), head);
        """);

    [Fact]
    public Task Convolutions_Trigger() => Verify.DiagnosticsAsync("""
        var conv1 = Conv2d(3, 8, 3, bias: false);
        var conv2 = Conv2d(8, 4, 3, bias: false);
        {|GL2003:init.constant_(conv1.weight, 0.1)|};
        init.constant_(conv2.weight, 0.1);
        var net = Sequential(conv1, ReLU(), MaxPool2d(2), conv2);
        """);

    /// <summary>TorchSharp's trunc_normal_ multiplies by the mean and adds the deviation: every weight is 0.02.</summary>
    [Fact]
    public Task TruncatedNormalWithoutAMean_Triggers() => Verify.MessageAsync(
        Net("{|#0:init.trunc_normal_(first.weight, std: 0.02)|}", "init.trunc_normal_(second.weight, std: 0.02)"), "GL2003",
        "All units of 'first' start with equal weights, in and out to 'second', and get equal gradients for good (trunc_normal_ without a mean fills with std in TorchSharp up to 0.107); use He initialization");

    [Fact]
    public Task TruncatedNormalOfALaterVersion_DoesNotTrigger() => new GradLint.Tests.Framework.ProgramTest<ModelAnalyzer>(
        Net("init.trunc_normal_(first.weight, std: 0.02)", "init.trunc_normal_(second.weight, std: 0.02)")).WithTorchSharp(108).RunAsync();

    [Fact]
    public Task TruncatedNormalWithAMean_DoesNotTrigger() =>
        Verify.DiagnosticsAsync(Net("init.trunc_normal_(first.weight, mean: 0.1, std: 0.5)", "init.trunc_normal_(second.weight, mean: 0.1, std: 0.5)"));

    /// <summary>Random biases tell the units apart.</summary>
    [Fact]
    public Task RandomBias_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        var head = Linear(64, 10);
        init.constant_(fc.weight, 0.1);
        init.constant_(head.weight, 0.1);
        var net = Sequential(fc, ReLU(), head);
        """);

    [Fact]
    public Task ZeroedLastLayerOfABranch_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear up = Linear(8, 8), down = Linear(8, 8), head = Linear(8, 2);

            public Net() : base("Net")
            {
                init.zeros_(down.weight);
                init.zeros_(down.bias);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(x + down.call(functional.relu(up.call(x))));
        }
        """);

    private static string Net(string first, string second) => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first = Linear(8, 16), second = Linear(16, 4);

            public Net() : base("Net")
            {
                {{first}};
                {{second}};
                init.zeros_(first.bias);
                init.zeros_(second.bias);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => second.call(functional.gelu(first.call(x)));
        }
        """;
}
