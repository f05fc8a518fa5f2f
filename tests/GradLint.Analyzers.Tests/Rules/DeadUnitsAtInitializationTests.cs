using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class DeadUnitsAtInitializationTests
{
    [Fact]
    public Task NegativeBias_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        init.constant_(fc.bias, -3);
        var net = Sequential(fc, {|GL1008:ReLU()|}, Linear(64, 10));
        """);

    [Theory]
    [InlineData("init.constant_(fc.bias, -5)", "set its bias to 0, or use LeakyReLU")]
    [InlineData("init.zeros_(fc.weight); init.zeros_(fc.bias)", "draw its weights at random")]
    public Task Remedy_MeetsTheCause(string initializers, string remedy) => Verify.MessageAsync(
        $$"""
        var fc = Linear(64, 64);
        {{initializers}};
        var head = Linear(64, 10);
        var net = Sequential(("fc", fc), ("act", {|#0:ReLU()|}), ("head", head));
        """,
        "GL1008", $"100 % of the ReLU units after 'fc' are predicted to give 0 for every input; {remedy}");

    [Fact]
    public Task DefaultBias_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task NegativeBiasBeforeLeakyReLU_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        init.constant_(fc.bias, -3);
        var net = Sequential(fc, LeakyReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task NegativeBiasOfAConvolution_Triggers() => Verify.DiagnosticsAsync("""
        var conv = Conv2d(3, 8, 3);
        init.constant_(conv.bias, -4);
        var net = Sequential(conv, {|GL1008:ReLU()|}, AdaptiveAvgPool2d(1), Flatten(), Linear(8, 10));
        """);

    [Fact]
    public Task LoopOverModules_Triggers() => Verify.DiagnosticsAsync(Net("ReLU()", "init.constant_(linear.bias, -5)", triggers: true));

    [Fact]
    public Task FunctionalForm_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(32, 64), head = Linear(64, 4);

            public Net() : base("Net")
            {
                hidden.bias.fill_(-6);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call({|GL1008:functional.relu(hidden.call(x))|});
        }
        """);

    [Fact]
    public Task HelperInAnotherType_Triggers() => Verify.DiagnosticsAsync("""
        static class Start
        {
            public static Linear Low(long inputs, long outputs)
            {
                var layer = Linear(inputs, outputs);
                init.constant_(layer.bias, -3);
                return layer;
            }
        }
        """, """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Start.Low(32, 64), head = Linear(64, 4);
            private readonly ReLU6 activation = {|GL1008:ReLU6()|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(activation.call(hidden.call(x)));
        }
        """);

    /// <summary>The wider the input, the further a unit swings: the same bias leaves units alive.</summary>
    [Theory]
    [InlineData("gradlint.input_second_moment = 0.01", true)]
    [InlineData("gradlint.input_second_moment = 100", false)]
    public Task InputScale_IsASetting(string setting, bool triggers) => Verify.DiagnosticsWithConfigAsync(setting, $$"""
        var fc = Linear(64, 64);
        init.constant_(fc.bias, -0.5);
        var net = Sequential(fc, {{(triggers ? "{|GL1008:ReLU()|}" : "ReLU()")}}, Linear(64, 10));
        """);

    [Fact]
    public Task PositiveBias_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("ReLU()", "init.constant_(linear.bias, 0.1)", triggers: false));

    [Fact]
    public Task SmallNegativeBias_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("ReLU()", "init.constant_(linear.bias, -0.1)", triggers: false));

    [Fact]
    public Task SmoothActivation_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("GELU()", "init.constant_(linear.bias, -5)", triggers: false));

    /// <summary>The norm takes the bias out again.</summary>
    [Fact]
    public Task NormalizationBetween_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        init.constant_(fc.bias, -5);
        var net = Sequential(fc, BatchNorm1d(64), ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task BiasOfTheHead_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var head = Linear(64, 10);
        init.constant_(head.bias, -4.6);
        var net = Sequential(Linear(64, 64), ReLU(), head);
        """);

    private static string Net(string activation, string initializer, bool triggers) => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(Linear(32, 64), {{(triggers ? "{|GL1008:" + activation + "|}" : activation)}});
            private readonly Linear head = Linear(64, 4);

            public Net() : base("Net")
            {
                RegisterComponents();
                foreach (var module in body.children())
                {
                    if (module is Linear linear)
                        {{initializer}};
                }
            }

            public override Tensor forward(Tensor x) => head.call(body.call(x));
        }
        """;
}
