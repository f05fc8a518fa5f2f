using Verify = GradLint.Tests.Framework.VerifyRefactoring<GradLint.CodeFixes.Refactorings.InitializeForActivations>;

namespace GradLint.CodeFixes.Tests.Refactorings;

public class InitializeForActivationsTests
{
    [Fact]
    public Task Sequential_IsInitializedAfterItIsMade() => Verify.ChangesAsync(
        """
        static class Models
        {
            public static Sequential Create()
            {
                // two layers under a head
                var model = [|Sequential|](("fc1", Linear(64, 64)), ("act1", ReLU()), ("fc2", Linear(64, 64)), ("act2", Tanh()), ("head", Linear(64, 10)));
                return model;
            }
        }
        """,
        """
        static class Models
        {
            public static Sequential Create()
            {
                // two layers under a head
                var model = Sequential(("fc1", Linear(64, 64)), ("act1", ReLU()), ("fc2", Linear(64, 64)), ("act2", Tanh()), ("head", Linear(64, 10)));
                // Xavier initialization keeps the scale of signal and gradient through Tanh layers, He through ReLU.
                foreach (var (name, parameter) in model.named_parameters())
                {
                    if (name is "fc1.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                    else if (parameter.dim() > 1 && name != "head.weight")
                        init.xavier_uniform_(parameter, gain: 5.0 / 3);
                }
                return model;
            }
        }
        """);

    [Fact]
    public Task ModuleType_IsInitializedInItsConstructor() => Verify.ChangesAsync(
        """
        class [|Net|] : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(1, 8, 3);
            private readonly Linear head = Linear(288, 10);

            public Net() : base("Net") => RegisterComponents(); // both

            public override Tensor forward(Tensor x) => head.call(conv.call(x).relu().flatten(1));
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(1, 8, 3);
            private readonly Linear head = Linear(288, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
            } // both

            public override Tensor forward(Tensor x) => head.call(conv.call(x).relu().flatten(1));
        }
        """);

    [Fact]
    public Task WeightsThatFitAlready_AreLeftAlone() => Verify.NothingAsync(
        """
        class [|Net|] : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
                init.kaiming_normal_(fc.weight, nonlinearity: init.NonlinearityType.ReLU);
            }

            public override Tensor forward(Tensor x) => head.call(fc.call(x).relu());
        }
        """);

    [Fact]
    public Task TypeThatIsNoModule_IsOfferedNothing() => Verify.NothingAsync("class [|Net|] { }");

    [Fact]
    public Task ModelThatCannotBeRead_IsOfferedNothing() => Verify.NothingAsync(
        """
        class [|Net|](Module<Tensor, Tensor> body) : Module<Tensor, Tensor>("Net")
        {
            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);
}
