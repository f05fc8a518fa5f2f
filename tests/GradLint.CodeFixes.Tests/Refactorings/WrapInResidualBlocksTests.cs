using Verify = GradLint.Tests.Framework.VerifyRefactoring<GradLint.CodeFixes.Refactorings.WrapInResidualBlocks>;

namespace GradLint.CodeFixes.Tests.Refactorings;

public class WrapInResidualBlocksTests
{
    [Fact]
    public Task Sequential_HasItsSquareLayersWrappedInTheClassThatIsThere() => Verify.ChangesAsync(
        """
        class Residual : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> inner;
            private readonly double scale;

            public Residual(Module<Tensor, Tensor> inner, double scale = 1) : base("Residual")
            {
                this.inner = inner;
                this.scale = scale;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => x + inner.call(x) * scale;
        }

        static class Models
        {
            public static Module<Tensor, Tensor> Create() => torch.nn.[|Sequential|](
                torch.nn.Linear(32, 64), torch.nn.ReLU(), // widens
                torch.nn.Linear(64, 64), torch.nn.LayerNorm(64), torch.nn.ReLU(), torch.nn.Dropout(0.1), // keeps
                torch.nn.Linear(64, 10));
        }
        """,
        """
        class Residual : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> inner;
            private readonly double scale;

            public Residual(Module<Tensor, Tensor> inner, double scale = 1) : base("Residual")
            {
                this.inner = inner;
                this.scale = scale;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => x + inner.call(x) * scale;
        }

        static class Models
        {
            public static Module<Tensor, Tensor> Create() => torch.nn.Sequential(
                torch.nn.Linear(32, 64), torch.nn.ReLU(), // widens
                new Residual(torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.LayerNorm(64), torch.nn.ReLU(), torch.nn.Dropout(0.1))), // keeps
                torch.nn.Linear(64, 10));
        }
        """);

    [Fact]
    public Task Type_AddsTheInputInForward() => Verify.ChangesAsync(
        """
        class [|Net|] : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = functional.relu(fc1.call(x)); // first
                var hidden = fc2.call(x).relu();
                return head.call(hidden);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = x + functional.relu(fc1.call(x)); // first
                var hidden = x + fc2.call(x).relu();
                return head.call(hidden);
            }
        }
        """);

    /// <summary>Where the input's name means something else by the time of the activation.</summary>
    [Fact]
    public Task OverwrittenInput_IsNotOffered() => Verify.NothingAsync(
        """
        class [|Net|] : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = fc.call(x);
                x = x.relu();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task LayersThatChangeTheWidth_AreNotOffered() => Verify.NothingAsync(
        """
        var model = [|Sequential|](Linear(32, 64), ReLU(), Linear(64, 32), ReLU(), Linear(32, 10));
        """);
}
