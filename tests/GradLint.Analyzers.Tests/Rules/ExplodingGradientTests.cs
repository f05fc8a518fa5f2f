using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ExplodingGradientTests
{
    [Fact]
    public Task TanhFarBeyondTheCriticalGain_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 20; i++)
        {
            layers.Add(($"fc{i}", {|GL1002:Linear(64, 64)|}));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.orthogonal_(parameter, 5);
        }
        """);

    [Fact]
    public Task TanhAtTheCriticalGain_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 20; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.orthogonal_(parameter, 1);
        }
        """);

    [Fact]
    public Task GrowthWithinTheBand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 4; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.orthogonal_(parameter, 2);
        }
        """);

    /// <summary>A stack whose gradient ratio stays about 1 while its signal grows by gain/√2 a layer.</summary>
    [Fact]
    public Task SignalThatOverflows_Triggers() => Verify.MessageAsync(Growing("ReLU()", "init.orthogonal_(parameter, 5)", head: "{|#0:Linear(64, 10)|}"), "GL1002",
        "Signal leaving 'head' is predicted to have an RMS of 2E+6; lower the initial scale, add normalization, or scale the residual branches");

    [Fact]
    public Task XavierWithALargeGain_Triggers() => Verify.DiagnosticsAsync(Growing("LeakyReLU(0.1)", "init.xavier_normal_(parameter, 6)", head: "{|GL1002:Linear(64, 10)|}")
        .Replace("init.xavier_normal_(parameter, 6)", "{|GL2005:init.xavier_normal_(parameter, 6)|}", StringComparison.Ordinal));

    /// <summary>Each unscaled branch doubles the stream.</summary>
    [Fact]
    public Task ManyUnscaledResidualBranches_Triggers() => Verify.DiagnosticsAsync(Residual(blocks: 40, gain: "3.0", head: "{|GL1002:Linear(32, 10)|}"));

    [Fact]
    public Task FewResidualBranches_DoesNotTrigger() => Verify.DiagnosticsAsync(Residual(blocks: 6, gain: "1.0", head: "Linear(32, 10)"));

    [Fact]
    public Task NormalizationBetween_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Growing("ReLU()", "init.orthogonal_(parameter, 5)", head: "Linear(64, 10)", norm: "LayerNorm(64)"));

    [Fact]
    public Task DeepHeStack_DoesNotTrigger() => Verify.DiagnosticsAsync(Growing("ReLU()", "init.kaiming_normal_(parameter)", head: "Linear(64, 10)"));

    /// <summary>The scale is written by hand: GL2004 has the word.</summary>
    [Fact]
    public Task HandWrittenScale_IsAnotherRulesFinding() => Verify.DiagnosticsAsync(Growing("ReLU()", "{|GL2004:init.normal_(parameter, 0, 1)|}", head: "Linear(64, 10)"));

    [Theory]
    [InlineData("gradlint.max_gradient_ratio = 5", true)]
    [InlineData("gradlint.max_gradient_ratio = 1e6", false)]
    public Task Band_IsASetting(string setting, bool triggers) => Verify.DiagnosticsWithConfigAsync(
        setting, Growing("Tanh()", "init.orthogonal_(parameter, 5)", head: "Linear(64, 10)", first: triggers ? "{|GL1002:Linear(64, 64)|}" : "Linear(64, 64)"));

    [Theory]
    [InlineData("gradlint.input_second_moment = 1e14", true)]
    [InlineData("gradlint.input_second_moment = 0.01", false)]
    public Task InputScale_IsASetting(string setting, bool triggers) => Verify.DiagnosticsWithConfigAsync(
        setting, $"var net = Sequential(Linear(16, 16), ReLU(), {(triggers ? "{|GL1002:Linear(16, 2)|}" : "Linear(16, 2)")});");

    private static string Growing(string activation, string initializer, string head, string? norm = null, string first = "Linear(64, 64)") => $$"""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 12; i++)
        {
            layers.Add(($"fc{i}", {{first}}));
            {{(norm is null ? "" : $"layers.Add(($\"norm{{i}}\", {norm}));")}}
            layers.Add(($"act{i}", {{activation}}));
        }

        layers.Add(("head", {{head}}));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                {{initializer}};
        }
        """;

    private static string Residual(int blocks, string gain, string head) => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> blocks = new();
            private readonly Linear head = {{head}};

            public Net() : base("Net")
            {
                for (var i = 0; i < {{blocks}}; i++)
                {
                    var block = Linear(32, 32);
                    init.xavier_uniform_(block.weight, {{gain}});
                    blocks.Add(block);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var block in blocks)
                    x = x + block.call(functional.relu(x));
                return head.call(x);
            }
        }
        """;
}
