using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.RegisterComponentsInConstructor>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RegisterComponentsInConstructorTests
{
    [Fact]
    public Task BlockBody_KeepsItsTrivia() => Verify.BestAsync(
        """
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            // Makes the layers.
            public {|GL6001:Net|}() : base("Net")
            {
                fc = Linear(8, 8); // square
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        """
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            // Makes the layers.
            public Net() : base("Net")
            {
                fc = Linear(8, 8); // square
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task EmptyBody_GetsTheCall() => Verify.BestAsync(
        """
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);

            public {|GL6001:Net|}() : base("Net")
            {
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        """
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task SeveralConstructors_GetItEachButThoseThatHandOver() => Verify.BestAsync(
        """
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public {|GL6001:Net|}() : this(8) { }

            public Net(int width) : base("Net") => fc = Linear(8, width);

            public Net(Linear shared) : base("Net")
            {
                fc = shared;
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        """
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public Net() : this(8) { }

            public Net(int width) : base("Net")
            {
                fc = Linear(8, width);
                RegisterComponents();
            }

            public Net(Linear shared) : base("Net")
            {
                fc = shared;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);
}
