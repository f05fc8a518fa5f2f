using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.DrawFromNormal>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class DrawFromNormalTests
{
    [Fact]
    public Task WeightOfLinear_TakesItsTwoSizes() => Verify.BestAsync(
        """
        var fc = Linear(64, 10);
        {|GL2005:init.xavier_normal_(fc.weight)|}; // as in the paper
        var net = Sequential(fc);
        """,
        """
        var fc = Linear(64, 10);
        init.normal_(fc.weight, 0, Math.Sqrt(2.0 / (fc.weight.shape[0] + fc.weight.shape[1]))); // as in the paper
        var net = Sequential(fc);
        """);

    [Fact]
    public Task GainAndOtherLayers_AreKept() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(3, 8, 3);

            public Net(double gain) : base("Net")
            {
                RegisterComponents();
                foreach (var p in parameters())
                {
                    if (p.dim() > 1)
                        {|GL2005:torch.nn.init.glorot_normal_(p, gain: gain + 1)|};
                }
            }

            public override Tensor forward(Tensor x) => conv.call(x);
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(3, 8, 3);

            public Net(double gain) : base("Net")
            {
                RegisterComponents();
                foreach (var p in parameters())
                {
                    if (p.dim() > 1)
                        torch.nn.init.normal_(p, 0, (gain + 1) * Math.Sqrt(2.0 / (p.numel() / p.shape[0] + p.numel() / p.shape[1])));
                }
            }

            public override Tensor forward(Tensor x) => conv.call(x);
        }
        """);

    [Fact]
    public Task TensorThatIsComputed_HasNoFix() => Verify.NothingAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
                {|GL2005:init.xavier_normal_(get_parameter("fc.weight"))|};
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);
}
