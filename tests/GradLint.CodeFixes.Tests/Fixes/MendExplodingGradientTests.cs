using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MendExplodingGradient>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MendExplodingGradientTests
{
    [Fact]
    public Task LargeGain_BecomesTheOneThatFits() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 20; i++)
                    layers.Add({|GL1002:Linear(64, 64)|});
                RegisterComponents();
                foreach (var layer in layers)
                    init.orthogonal_(layer.weight, gain: 5); // lively
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).tanh();
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 20; i++)
                    layers.Add(Linear(64, 64));
                RegisterComponents();
                foreach (var layer in layers)
                    init.xavier_uniform_(layer.weight, gain: 5.0 / 3); // lively
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).tanh();
                return head.call(x);
            }
        }
        """);
}
