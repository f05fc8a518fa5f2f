using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class SaturatingResidualStreamTests
{
    [Fact]
    public Task TanhOfTheSum_Triggers() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => torch.tanh(x + fc.call(x));
        }

        class {|GL1005:Net|} : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(new Block(), new Block(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """);

    [Fact]
    public Task TanhInTheBranch_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => x + torch.tanh(fc.call(x));
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(new Block(), new Block(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """);

    [Fact]
    public Task ReLUOfTheSum_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => functional.relu(x + fc.call(x));
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(new Block(), new Block(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """);

    [Fact]
    public Task SumOfTwoProjections_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear left = Linear(64, 64), right = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(torch.tanh(left.call(x) + right.call(x)));
        }
        """);
}
