using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MendVanishingGradient>;

namespace GradLint.CodeFixes.Tests.Fixes;

/// <summary>Norms before the activations.</summary>
public class MendVanishingGradientNormTests
{
    [Fact]
    public Task ArgumentsOfASequential_GetNormsInTheirLines() => Verify.RemedyAsync(
        "GL1001.batch_norm",
        """
        var model = Sequential(
            Linear(32, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), /* second */ Sigmoid(), // two
            Linear(64, 64),
            Sigmoid(),
            Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));
        """,
        """
        var model = Sequential(
            Linear(32, 64), BatchNorm1d(64), Sigmoid(), Linear(64, 64), /* second */ BatchNorm1d(64), Sigmoid(), // two
            Linear(64, 64),
            BatchNorm1d(64),
            Sigmoid(),
            Linear(64, 64), BatchNorm1d(64), Sigmoid(), Linear(64, 64), BatchNorm1d(64), Sigmoid(), Linear(64, 10));
        """);

    [Fact]
    public Task Fields_GetNormsBesideThem() => Verify.RemedyAsync(
        "GL1001.batch_norm",
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), _fc3 = Linear(64, 64), last;
            private readonly Linear head = Linear(64, 10); // logits

            public Net(long width = 64) : base("Net")
            {
                last = Linear(width, width); // hidden
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = {|GL1001:functional.sigmoid(fc1.call(x))|};
                x = torch.sigmoid(fc2.call(x));
                x = _fc3.call(x).sigmoid();
                return head.call(last.call(x).sigmoid());
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), _fc3 = Linear(64, 64), last;
            private readonly BatchNorm1d norm1 = BatchNorm1d(64), norm2 = BatchNorm1d(64), _norm3 = BatchNorm1d(64), norm;
            private readonly Linear head = Linear(64, 10); // logits

            public Net(long width = 64) : base("Net")
            {
                last = Linear(width, width); // hidden
                norm = BatchNorm1d(width);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = functional.sigmoid(norm1.call(fc1.call(x)));
                x = torch.sigmoid(norm2.call(fc2.call(x)));
                x = _norm3.call(_fc3.call(x)).sigmoid();
                return head.call(norm.call(last.call(x)).sigmoid());
            }
        }
        """);
}
