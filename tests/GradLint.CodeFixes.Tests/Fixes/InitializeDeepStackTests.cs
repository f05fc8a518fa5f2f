using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.InitializeDeepStack>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class InitializeDeepStackTests
{
    [Fact]
    public Task LoopAtTopLevel_IsInitialisedAfterConstruction() => Verify.BestAsync(
        """
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 14; i++)
        {
            layers.Add(($"fc{i}", {|GL2001:Linear(128, 128)|})); // square
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(128, 10)));
        var net = Sequential(layers);
        Console.WriteLine(net);
        """,
        """
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 14; i++)
        {
            layers.Add(($"fc{i}", Linear(128, 128))); // square
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(128, 10)));
        var net = Sequential(layers);
        // He initialization keeps the scale of signal and gradient through ReLU layers.
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
        }
        Console.WriteLine(net);
        """);

    [Fact]
    public Task SequentialInAField_IsInitialisedAtTheEndOfTheConstructor() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(
                {|GL2001:Linear(64, 64)|}, LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(),
                Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(),
                Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(),
                Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 10));

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(
                Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(),
                Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(),
                Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(),
                Linear(64, 64), LeakyReLU(), Linear(64, 64), LeakyReLU(), Linear(64, 10));

            public Net() : base("Net")
            {
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through LeakyReLU layers.
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name != "body.28.weight")
                        init.kaiming_normal_(parameter, a: 0.01);
                }
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task ConstructorInAnotherFile_IsEditedThere() => Verify.BestAsync(
        [
            """
            partial class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                private readonly Linear head = Linear(64, 10);

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = functional.relu(layer.call(x));
                    return head.call(x);
                }
            }
            """,
            """
            partial class Net
            {
                public Net() : base("Net")
                {
                    for (var i = 0; i < 14; i++)
                        layers.Add({|GL2001:Linear(64, 64)|}); // hidden
                    RegisterComponents();
                }
            }
            """,
        ],
        [
            """
            partial class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                private readonly Linear head = Linear(64, 10);

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = functional.relu(layer.call(x));
                    return head.call(x);
                }
            }
            """,
            """
            partial class Net
            {
                public Net() : base("Net")
                {
                    for (var i = 0; i < 14; i++)
                        layers.Add(Linear(64, 64)); // hidden
                    RegisterComponents();
                    // He initialization keeps the scale of signal and gradient through ReLU layers.
                    foreach (var (name, parameter) in named_parameters())
                    {
                        if (parameter.dim() > 1 && name != "head.weight")
                            init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                    }
                }
            }
            """,
        ]);
}
