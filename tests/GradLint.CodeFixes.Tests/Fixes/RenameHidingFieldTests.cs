using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.RenameHidingField>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RenameHidingFieldTests
{
    private const string Base = """
        class Backbone : Module<Tensor, Tensor>
        {
            protected Linear fc = Linear(4, 8);
            public Backbone() : base("Backbone") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    [Fact]
    public Task Field_IsRenamedWhereverItIsUsed() => Verify.BestAsync(
        [Base, """
        partial class Net : Backbone
        {
            // The head.
            private new readonly Linear {|GL6008:fc|} = Linear(8, 2); // logits
            public override Tensor forward(Tensor x) => fc.call(base.forward(x));
        }
        """, """
        partial class Net
        {
            public long Parameters => this.fc.parameters().Count();
        }
        """],
        [Base, """
        partial class Net : Backbone
        {
            // The head.
            private readonly Linear netFc = Linear(8, 2); // logits
            public override Tensor forward(Tensor x) => netFc.call(base.forward(x));
        }
        """, """
        partial class Net
        {
            public long Parameters => this.netFc.parameters().Count();
        }
        """]);
}
