using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.RemoveUnusedLayer>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RemoveUnusedLayerTests
{
    [Fact]
    public Task FieldAndAssignment_GoTogether() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(4, 8), {|GL6004:fc2|} = Linear(8, 8);
            private readonly Linear {|GL6004:fc3|};
            private readonly Linear head; // the last

            public Net() : base("Net")
            {
                fc3 = Linear(8, 8);
                head = Linear(8, 2);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(fc1.call(x));
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(4, 8);
            private readonly Linear head; // the last

            public Net() : base("Net")
            {
                head = Linear(8, 2);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(fc1.call(x));
        }
        """);
}
