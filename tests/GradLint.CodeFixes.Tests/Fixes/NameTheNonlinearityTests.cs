using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.NameTheNonlinearity>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class NameTheNonlinearityTests
{
    [Fact]
    public Task GainOfRelu_IsNamed() => Verify.BestAsync(
        """
        var fc = Linear(64, 10);
        {|GL2006:init.kaiming_normal_(fc.weight, Math.Sqrt(2))|}; // He
        var net = Sequential(fc, ReLU());
        """,
        """
        var fc = Linear(64, 10);
        init.kaiming_normal_(fc.weight, nonlinearity: init.NonlinearityType.ReLU); // He
        var net = Sequential(fc, ReLU());
        """);

    [Fact]
    public Task GainOfTanhWithAMode_IsNamed() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 10);

            public Net() : base("Net")
            {
                {|GL2006:nn.init.kaiming_uniform_(this.fc.weight, 5.0 / 3, /* outwards */ init.FanInOut.FanOut)|};
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x).tanh();
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 10);

            public Net() : base("Net")
            {
                nn.init.kaiming_uniform_(this.fc.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.Tanh);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x).tanh();
        }
        """);

    [Fact]
    public Task NumberThatIsNoGain_HasNoFix() => Verify.NothingAsync(
        """
        var fc = Linear(64, 10);
        {|GL2006:init.kaiming_normal_(fc.weight, 10)|};
        var net = Sequential(fc, ReLU());
        """);
}
