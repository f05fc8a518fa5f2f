using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MoveActivationIntoBranch>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MoveActivationIntoBranchTests
{
    [Fact]
    public Task FunctionOfTheSum_MovesInside() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = /* first */ {|GL1005:torch.tanh(x + fc1.call(x))|}; // squeezed
                x = act.call(fc2.call(x));
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = /* first */ x + torch.tanh(fc1.call(x)); // squeezed
                x = act.call(fc2.call(x));
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task ModuleAtTwoPlaces_MovesInsideBoth() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = {|GL1005:Tanh()|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = act.call(x + fc1.call(x)); // one
                x = act.call(fc2.call(x) + x);
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = x + act.call(fc1.call(x)); // one
                x = act.call(fc2.call(x)) + x;
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task TensorMethod_KeepsParenthesesWhereNeeded() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = {|GL1005:(x + fc1.call(x) * 0.5).tanh()|} * 2;
                x = act.call(fc2.call(x));
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = (x + (fc1.call(x) * 0.5).tanh()) * 2;
                x = act.call(fc2.call(x));
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task SumInALocal_HasNoFix() => Verify.NothingAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var sum = x + fc1.call(x);
                x = {|GL1005:sum.tanh()|};
                x = act.call(fc2.call(x));
                return head.call(x);
            }
        }
        """);
}
