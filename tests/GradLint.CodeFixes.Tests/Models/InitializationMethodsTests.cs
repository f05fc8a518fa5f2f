using Initialize = GradLint.Tests.Framework.VerifyRefactoring<GradLint.CodeFixes.Refactorings.InitializeForActivations>;
using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MendVanishingGradient>;

namespace GradLint.CodeFixes.Tests.Models;

/// <summary>Models that no statement can follow get a method that their layers go through where they are made.</summary>
public class InitializationMethodsTests
{
    /// <summary>Fields of a type with a primary constructor are there before its base registers them.</summary>
    private const string Registered = """
        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();

            protected Registered() : this("Net") { }
        }
        """;

    [Fact]
    public Task FieldsUnderAPrimaryConstructor_GoThroughOneMethod() => Verify.BestAsync(
        [
            Registered,
            """
            class Net(string name) : Registered(name)
            {
                private readonly Linear fc1 = Linear(64, 64); // reads the input
                private readonly Linear fc2 = Linear(64, 64), fc3 = Linear(64, 64);
                public Linear Fc4 { get; } = Linear(64, 64);
                private readonly Linear head = Linear(64, 10);

                public override Tensor forward(Tensor x)
                {
                    x = fc3.call(fc2.call({|GL1001:fc1.call(x).sigmoid()|}).sigmoid()).sigmoid();
                    return head.call(Fc4.call(x).sigmoid());
                }
            }
            """,
        ],
        [
            Registered,
            """
            class Net(string name) : Registered(name)
            {
                private readonly Linear fc1 = InitializeWeights(Linear(64, 64)); // reads the input
                private readonly Linear fc2 = InitializeWeights(Linear(64, 64)), fc3 = InitializeWeights(Linear(64, 64));
                public Linear Fc4 { get; } = InitializeWeights(Linear(64, 64));
                private readonly Linear head = Linear(64, 10);

                public override Tensor forward(Tensor x)
                {
                    x = fc3.call(fc2.call(fc1.call(x).relu()).relu()).relu();
                    return head.call(Fc4.call(x).relu());
                }

                private static Linear InitializeWeights(Linear layer)
                {
                    // He initialization keeps the scale of signal and gradient through ReLU layers.
                    init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU);
                    return layer;
                }
            }
            """,
        ]);

    [Fact]
    public Task SequentialInATypeWithoutAConstructor_GoesThroughAMethod() => Verify.BestAsync(
        [
            Registered,
            """
            class Net : Registered
            {
                private readonly Sequential body = Sequential(
                    Linear(64, 64), {|GL1001:Sigmoid()|}, // first
                    Linear(64, 64), Sigmoid(),
                    Linear(64, 64), Sigmoid(),
                    Linear(64, 64), Sigmoid(),
                    Linear(64, 10));

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """,
        ],
        [
            Registered,
            """
            class Net : Registered
            {
                private readonly Sequential body = InitializeWeights(Sequential(
                    Linear(64, 64), ReLU(), // first
                    Linear(64, 64), ReLU(),
                    Linear(64, 64), ReLU(),
                    Linear(64, 64), ReLU(),
                    Linear(64, 10)));

                public override Tensor forward(Tensor x) => body.call(x);

                private static Sequential InitializeWeights(Sequential model)
                {
                    // He initialization keeps the scale of signal and gradient through ReLU layers.
                    foreach (var (name, parameter) in model.named_parameters())
                    {
                        if (parameter.dim() > 1 && name != "8.weight")
                            init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                    }

                    return model;
                }
            }
            """,
        ]);

    /// <summary>A ModuleList has no parameters before it is registered, but its layers have.</summary>
    [Fact]
    public Task ModuleListUnderAPrimaryConstructor_HasItsLayersInitialised() => Verify.BestAsync(
        [
            Registered,
            """
            class Net(int depth) : Registered("Net")
            {
                private readonly ModuleList<Linear> layers = new([.. Enumerable.Range(0, 6).Select(_ => Linear(64, 64))]);
                private readonly Linear head = Linear(64, 10);

                public int Depth => depth;

                /// <summary>Taken.</summary>
                public static void InitializeWeights() { }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = {|GL1001:layer.call(x).sigmoid()|};
                    return head.call(x);
                }
            }
            """,
        ],
        [
            Registered,
            """
            class Net(int depth) : Registered("Net")
            {
                private readonly ModuleList<Linear> layers = new([.. Enumerable.Range(0, 6).Select(_ => InitializeWeights2(Linear(64, 64)))]);
                private readonly Linear head = Linear(64, 10);

                public int Depth => depth;

                /// <summary>Taken.</summary>
                public static void InitializeWeights() { }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = layer.call(x).relu();
                    return head.call(x);
                }

                private static Linear InitializeWeights2(Linear layer)
                {
                    // He initialization keeps the scale of signal and gradient through ReLU layers.
                    init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU);
                    return layer;
                }
            }
            """,
        ]);

    [Fact]
    public Task LayersOfSeveralTypes_ShareAGenericMethod() => Initialize.ChangesAsync(
        """
        class [|Net|]() : Registered("Net")
        {
            private readonly Conv2d conv = Conv2d(1, 8, 3);
            private readonly Linear fc = Linear(288, 64), gate = Linear(64, 64), head = Linear(64, 10);

            public override Tensor forward(Tensor x) => head.call(gate.call(fc.call(conv.call(x).relu().flatten(1)).relu()).tanh());
        }

        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }
        """,
        """
        class Net() : Registered("Net")
        {
            private readonly Conv2d conv = InitializeWeightsForReLU(Conv2d(1, 8, 3));
            private readonly Linear fc = InitializeWeightsForReLU(Linear(288, 64)), gate = InitializeWeightsForTanh(Linear(64, 64)), head = Linear(64, 10);

            public override Tensor forward(Tensor x) => head.call(gate.call(fc.call(conv.call(x).relu().flatten(1)).relu()).tanh());

            private static TModule InitializeWeightsForReLU<TModule>(TModule model)
                where TModule : Module
            {
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var parameter in model.parameters())
                {
                    if (parameter.dim() > 1)
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }

                return model;
            }

            private static Linear InitializeWeightsForTanh(Linear layer)
            {
                // Xavier initialization keeps the scale of signal and gradient through Tanh layers.
                init.xavier_uniform_(layer.weight, gain: 5.0 / 3);
                return layer;
            }
        }

        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }
        """);

    [Fact]
    public Task MethodThatDoesTheSame_IsUsed() => Initialize.ChangesAsync(
        """
        class [|Net|]() : Registered("Net")
        {
            private readonly Linear fc1 = Initialized(Linear(64, 64)), fc2 = Linear(64, 64), head = Linear(64, 10);

            private static Linear Initialized(Linear layer)
            {
                // He
                torch.nn.init.kaiming_normal_(layer.weight, nonlinearity: torch.nn.init.NonlinearityType.ReLU);
                return layer;
            }

            public override Tensor forward(Tensor x) => head.call(fc2.call(fc1.call(x).relu()).relu());
        }

        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }
        """,
        """
        class Net() : Registered("Net")
        {
            private readonly Linear fc1 = Initialized(Linear(64, 64)), fc2 = Initialized(Linear(64, 64)), head = Linear(64, 10);

            private static Linear Initialized(Linear layer)
            {
                // He
                torch.nn.init.kaiming_normal_(layer.weight, nonlinearity: torch.nn.init.NonlinearityType.ReLU);
                return layer;
            }

            public override Tensor forward(Tensor x) => head.call(fc2.call(fc1.call(x).relu()).relu());
        }

        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }
        """);

    [Fact]
    public Task SequentialInAStaticField_GoesThroughAMethod() => Initialize.ChangesAsync(
        """
        static class Models
        {
            public static readonly Sequential Small = [|Sequential|](Linear(64, 64), Tanh(), Linear(64, 64), Tanh(), Linear(64, 10));
        }
        """,
        """
        static class Models
        {
            public static readonly Sequential Small = InitializeWeights(Sequential(Linear(64, 64), Tanh(), Linear(64, 64), Tanh(), Linear(64, 10)));

            private static Sequential InitializeWeights(Sequential model)
            {
                // Xavier initialization keeps the scale of signal and gradient through Tanh layers.
                foreach (var (name, parameter) in model.named_parameters())
                {
                    if (parameter.dim() > 1 && name != "4.weight")
                        init.xavier_uniform_(parameter, gain: 5.0 / 3);
                }

                return model;
            }
        }
        """);

    [Fact]
    public Task SequentialPassedOnAtTopLevel_GoesThroughALocalFunction() => Initialize.ChangesAsync(
        """
        Train([|Sequential|](Linear(64, 64), Tanh(), Linear(64, 10)));
        Console.WriteLine("done");

        static void Train(Module<Tensor, Tensor> model) => Console.WriteLine(model);

        class Other { }
        """,
        """
        Train(InitializeWeights(Sequential(Linear(64, 64), Tanh(), Linear(64, 10))));
        Console.WriteLine("done");

        static void Train(Module<Tensor, Tensor> model) => Console.WriteLine(model);

        static Sequential InitializeWeights(Sequential model)
        {
            // Xavier initialization keeps the scale of signal and gradient through Tanh layers.
            foreach (var (name, parameter) in model.named_parameters())
            {
                if (parameter.dim() > 1 && name != "2.weight")
                    init.xavier_uniform_(parameter, gain: 5.0 / 3);
            }

            return model;
        }

        class Other { }
        """);

    [Fact]
    public Task QualifiedNames_StayQualified() => Verify.BestWithOwnUsingsAsync(
        """
        using TorchSharp;

        public class Registered : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();

            public override torch.Tensor forward(torch.Tensor x) => x;
        }

        public class Net() : Registered("Net")
        {
            private readonly TorchSharp.Modules.Linear fc1 = torch.nn.Linear(64, 64), fc2 = torch.nn.Linear(64, 64), fc3 = torch.nn.Linear(64, 64);
            private readonly TorchSharp.Modules.Linear fc4 = torch.nn.Linear(64, 64), head = torch.nn.Linear(64, 10);

            public override torch.Tensor forward(torch.Tensor x) =>
                head.call(torch.sigmoid(fc4.call(torch.sigmoid(fc3.call(torch.sigmoid(fc2.call({|GL1001:torch.sigmoid(fc1.call(x))|})))))));
        }
        """,
        """
        using TorchSharp;

        public class Registered : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();

            public override torch.Tensor forward(torch.Tensor x) => x;
        }

        public class Net() : Registered("Net")
        {
            private readonly TorchSharp.Modules.Linear fc1 = InitializeWeights(torch.nn.Linear(64, 64)), fc2 = InitializeWeights(torch.nn.Linear(64, 64)), fc3 = InitializeWeights(torch.nn.Linear(64, 64));
            private readonly TorchSharp.Modules.Linear fc4 = InitializeWeights(torch.nn.Linear(64, 64)), head = torch.nn.Linear(64, 10);

            public override torch.Tensor forward(torch.Tensor x) =>
                head.call(torch.nn.functional.relu(fc4.call(torch.nn.functional.relu(fc3.call(torch.nn.functional.relu(fc2.call(torch.nn.functional.relu(fc1.call(x)))))))));

            private static TorchSharp.Modules.Linear InitializeWeights(TorchSharp.Modules.Linear layer)
            {
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                torch.nn.init.kaiming_normal_(layer.weight, nonlinearity: torch.nn.init.NonlinearityType.ReLU);
                return layer;
            }
        }
        """);
}
