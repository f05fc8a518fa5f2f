using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.RegisterLateLayer>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RegisterLateLayerTests
{
    [Fact]
    public Task SameConstructor_RegistersLast() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1, fc2, fc3;

            public Net() : base("Net")
            {
                fc1 = Linear(4, 8);
                RegisterComponents(); // all of them
                {|GL6003:fc2 = Linear(8, 8)|};
                // the head
                {|GL6003:fc3 = Linear(8, 2)|};
            }

            public override Tensor forward(Tensor x) => fc3.call(fc2.call(fc1.call(x)));
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1, fc2, fc3;

            public Net() : base("Net")
            {
                fc1 = Linear(4, 8);
                fc2 = Linear(8, 8);
                // the head
                fc3 = Linear(8, 2);
                RegisterComponents(); // all of them
            }

            public override Tensor forward(Tensor x) => fc3.call(fc2.call(fc1.call(x)));
        }
        """);

    [Fact]
    public Task BaseConstructorRegisters_RegistersByName() => Verify.BestAsync(
        """
        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => RegisterComponents();
        }

        class Net : Model
        {
            private readonly Linear fc;
            private readonly Parameter scale;

            public Net() : base("Net")
            {
                {|GL6003:fc = Linear(4, 8)|}; // the only layer
                {|GL6003:scale = Parameter(ones(8))|};
            }

            public override Tensor forward(Tensor x) => fc.call(x) * scale;
        }
        """,
        """
        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => RegisterComponents();
        }

        class Net : Model
        {
            private readonly Linear fc;
            private readonly Parameter scale;

            public Net() : base("Net")
            {
                fc = Linear(4, 8); // the only layer
                register_module(nameof(fc), fc);
                scale = Parameter(ones(8));
                register_parameter(nameof(scale), scale);
            }

            public override Tensor forward(Tensor x) => fc.call(x) * scale;
        }
        """);

    [Fact]
    public Task MadeInForward_IsLeftAlone() => Verify.NothingAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private Linear? head;
            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                {|GL6003:head ??= Linear(x.shape[1], 2)|};
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task PropertyThatMakesALayer_KeepsIt() => Verify.BestAsync(
        """
        class Net(int width) : Module<Tensor, Tensor>("Net")
        {
            // The expansion.
            public Linear {|GL6003:Expand|} => Linear(width, 4 * width); // Four times as wide.

            public override Tensor forward(Tensor x) => Expand.call(x).silu();
        }
        """,
        """
        class Net(int width) : Module<Tensor, Tensor>("Net")
        {
            // The expansion.
            public Linear Expand { get; } = Linear(width, 4 * width); // Four times as wide.

            public override Tensor forward(Tensor x) => Expand.call(x).silu();
        }
        """);

    [Fact]
    public Task PropertyThatNeedsAFieldOfTheObject_IsLeftAlone() => Verify.NothingAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly int width;
            private Linear {|GL6003:Head|} => Linear(width, 2);

            public Net(int width) : base("Net") => this.width = width;

            public override Tensor forward(Tensor x) => Head.call(x);
        }
        """);
}
