using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class XavierNormalDrawsUniformTests
{
    [Fact]
    public Task XavierNormal_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        {|GL2005:init.xavier_normal_(fc.weight)|};
        var net = Sequential(fc);
        """);

    [Fact]
    public Task XavierUniform_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        init.xavier_uniform_(fc.weight);
        var net = Sequential(fc);
        """);

    [Fact]
    public Task GlorotNormal_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        {|GL2005:init.glorot_normal_(fc.weight)|};
        var net = Sequential(fc);
        """);

    [Fact]
    public Task LoopOverModules_Triggers() => Verify.DiagnosticsAsync(Loop("{|GL2005:init.xavier_normal_(linear.weight)|}"));

    [Fact]
    public Task HelperInAnotherType_TriggersAtTheModel() => Verify.DiagnosticsAsync("""
        static class Weights
        {
            public static void Draw(Linear layer) => init.xavier_normal_(layer.weight);
        }

        class {|GL2005:Net|} : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);

            public Net() : base("Net")
            {
                Weights.Draw(fc);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task ConvolutionInAnotherMethod_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(3, 8, 3);

            public Net() : base("Net")
            {
                RegisterComponents();
                Draw();
            }

            private void Draw() => {|GL2005:init.xavier_normal_(conv.weight)|};

            public override Tensor forward(Tensor x) => conv.call(x);
        }
        """);

    [Theory]
    [InlineData(102), InlineData(107)]
    public Task VersionsThatDrawUniformly_Trigger(byte minor) => new GradLint.Tests.Framework.ProgramTest<ModelAnalyzer>(Loop("{|GL2005:init.xavier_normal_(linear.weight)|}")).WithTorchSharp(minor).RunAsync();

    /// <summary>A version that nobody has looked at may draw as its name says.</summary>
    [Fact]
    public Task LaterVersion_DoesNotTrigger() =>
        new GradLint.Tests.Framework.ProgramTest<ModelAnalyzer>(Loop("init.xavier_normal_(linear.weight)")).WithTorchSharp(108).RunAsync();

    [Fact]
    public Task DefaultInitialization_DoesNotTrigger() => Verify.DiagnosticsAsync("var net = Sequential(Linear(64, 10));");

    [Fact]
    public Task NormalWithTheGlorotScale_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        init.normal_(fc.weight, 0, Math.Sqrt(2.0 / 74));
        var net = Sequential(fc);
        """);

    [Fact]
    public Task KaimingNormal_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("init.kaiming_normal_(linear.weight)"));

    [Fact]
    public Task MethodOfThatNameElsewhere_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        static class Weights { public static Tensor xavier_normal_(Tensor weight) => init.orthogonal_(weight); }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);

            public Net() : base("Net")
            {
                Weights.xavier_normal_(fc.weight);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    private static string Loop(string statement) => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(Linear(8, 8), ReLU(), Linear(8, 2));

            public Net() : base("Net")
            {
                RegisterComponents();
                foreach (var module in modules())
                {
                    if (module is Linear linear)
                        {{statement}};
                }
            }

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;
}
