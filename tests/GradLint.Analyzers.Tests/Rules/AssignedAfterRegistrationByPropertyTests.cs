using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL6003 where a property makes the layer each time it is read.</summary>
public class AssignedAfterRegistrationByPropertyTests
{
    [Fact]
    public Task ExpressionBody_Triggers() => Verify.MessageAsync(
        """
        class TimeEmbedding(int width) : Module<Tensor, Tensor>("TimeEmbedding")
        {
            public Linear {|#0:Expand|} => Linear(width, 4 * width);
            public override Tensor forward(Tensor x) => Expand.call(x).silu();
        }
        """,
        "GL6003",
        "'Expand' makes a new layer each time it is read, so its parameters are never registered or trained: write '{ get; } =' in the place of '=>'");

    [Fact]
    public Task GetterThatAHelperOfForwardRuns_Triggers() => Verify.DiagnosticsAsync(
        """
        partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear trunk = Linear(4, 8);
            private Module<Tensor, Tensor> {|GL6003:Head|} { get { return Layers.Head(8); } }
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => Classify(trunk.call(x));
        }
        """,
        """
        partial class Net
        {
            private Tensor Classify(Tensor features) => Head.forward(features);
        }

        static class Layers
        {
            public static Module<Tensor, Tensor> Head(int width) => Sequential(Linear(width, width), ReLU(), Linear(width, 2));
        }
        """);

    [Theory]
    [InlineData("public Linear Head { get; } = Linear(4, 2);")]
    [InlineData("private Linear? head; public Linear Head => head ??= Linear(4, 2);")]
    [InlineData("private readonly Linear head = Linear(4, 2); public Linear Head => head;")]
    [InlineData("private readonly Linear head = Linear(4, 2); public Linear Head { get { return head; } }")]
    [InlineData("public Module<Tensor, Tensor> Head => ReLU();")]
    public Task PropertyThatKeepsItsLayer_OrHasNothingToTrain_DoesNotTrigger(string property) => Verify.DiagnosticsAsync($$"""
        class Net : Module<Tensor, Tensor>
        {
            {{property}}
            public override Tensor forward(Tensor x) => Head.call(x);
            public Net(Linear start) : base("Net") => {{(property.Contains("??=") ? "head = start; RegisterComponents();" : "RegisterComponents();")}}
        }
        """.Replace("=> head = start; RegisterComponents();", "{ head = start; RegisterComponents(); }"));

    [Fact]
    public Task FactoryForTheConstructor_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first, second;

            public Net() : base("Net")
            {
                first = NewLayer;
                second = NewLayer;
                RegisterComponents();
            }

            private static int Width => 4;
            private Linear NewLayer => Linear(Width, Width);

            public override Tensor forward(Tensor x) => second.call(first.call(x));
        }
        """);

    /// <summary>Two forwards of one input differ, and no parameter is listed.</summary>
    [Fact]
    public void LayerMadeByAProperty_HasOtherWeightsEachTime() => Assert.True(RunningProgram.Evaluate<bool>("""
        class Net : Module<Tensor, Tensor>
        {
            private Linear Head => Linear(4, 2);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => Head.call(x);
        }

        public static class Program
        {
            public static bool Run()
            {
                var net = new Net();
                return !net.parameters().Any() && !net.call(ones(1, 4)).allclose(net.call(ones(1, 4)));
            }
        }
        """));
}
