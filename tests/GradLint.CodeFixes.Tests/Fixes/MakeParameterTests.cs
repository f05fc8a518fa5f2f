using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.MakeParameter>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MakeParameterTests
{
    [Fact]
    public Task FieldInitialiser_IsWrapped() => Verify.BestAsync(
        """
        class Scale : Module<Tensor, Tensor>
        {
            private readonly Tensor gain = {|GL6006:torch.ones(4, requires_grad: true)|}; // per feature
            public Scale() : base("Scale") => RegisterComponents();
            public override Tensor forward(Tensor x) => x * gain;
        }
        """,
        """
        class Scale : Module<Tensor, Tensor>
        {
            private readonly Parameter gain = new Parameter(torch.ones(4)); // per feature
            public Scale() : base("Scale") => RegisterComponents();
            public override Tensor forward(Tensor x) => x * gain;
        }
        """);

    [Fact]
    public Task AssignedInTheConstructor_IsWrapped() => Verify.BestAsync(
        """
        class Scale : Module<Tensor, Tensor>
        {
            private Tensor? gain;
            public Scale() : base("Scale")
            {
                gain = {|GL6006:torch.ones(4).requires_grad_()|};
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => x * gain!;
        }
        """,
        """
        class Scale : Module<Tensor, Tensor>
        {
            private Parameter? gain;
            public Scale() : base("Scale")
            {
                gain = new Parameter(torch.ones(4));
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => x * gain!;
        }
        """);

    [Fact]
    public Task OtherValuesAssignedToo_IsLeftAlone() => Verify.NothingAsync("""
        class Scale : Module<Tensor, Tensor>
        {
            private Tensor gain = {|GL6006:torch.ones(4, requires_grad: true)|};
            public Scale() : base("Scale") => RegisterComponents();
            public void Double() => gain = gain * 2;
            public override Tensor forward(Tensor x) => x * gain;
        }
        """);
}
