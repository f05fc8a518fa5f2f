using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.BreakSymmetry>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class BreakSymmetryTests
{
    [Fact]
    public Task ConstantBeforeTanh_BecomesXavier() => Verify.BestAsync(
        """
        var fc = Linear(64, 64);
        var head = Linear(64, 10);
        {|GL2003:init.constant_(fc.weight, 0.1)|}; // all alike
        init.zeros_(fc.bias);
        init.zeros_(head.weight);
        init.zeros_(head.bias);
        var net = Sequential(("fc", fc), ("act", Tanh()), ("head", head));
        """,
        """
        var fc = Linear(64, 64);
        var head = Linear(64, 10);
        init.xavier_uniform_(fc.weight, gain: 5.0 / 3); // all alike
        init.zeros_(fc.bias);
        init.zeros_(head.weight);
        init.zeros_(head.bias);
        var net = Sequential(("fc", fc), ("act", Tanh()), ("head", head));
        """);

    [Fact]
    public Task TensorMethodBeforeRelu_BecomesHe() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
                using (no_grad())
                {
                    {|GL2003:fc.weight.fill_(0.1)|}; // first
                    fc.bias.zero_();
                    head.weight.fill_(0.1);
                    head.bias.zero_();
                }
            }

            public override Tensor forward(Tensor x) => head.call(fc.call(x).relu());
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
                using (no_grad())
                {
                    init.kaiming_normal_(fc.weight, nonlinearity: init.NonlinearityType.ReLU); // first
                    fc.bias.zero_();
                    head.weight.fill_(0.1);
                    head.bias.zero_();
                }
            }

            public override Tensor forward(Tensor x) => head.call(fc.call(x).relu());
        }
        """);

    [Fact]
    public Task LoopOverAllParameters_KeepsVectorsOutOfIt() => Verify.BestAsync(
        """
        class Net : torch.nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
                foreach (var parameter in parameters())
                    {|GL2003:torch.nn.init.ones_(parameter)|};
            }

            public override Tensor forward(Tensor x) => head.call(fc.call(x).relu());
        }
        """,
        """
        class Net : torch.nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
                foreach (var parameter in parameters())
                    if (parameter.dim() > 1)
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                    else
                        torch.nn.init.zeros_(parameter);
            }

            public override Tensor forward(Tensor x) => head.call(fc.call(x).relu());
        }
        """);
}
