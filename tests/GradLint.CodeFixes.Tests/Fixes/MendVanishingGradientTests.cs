using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MendVanishingGradient>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MendVanishingGradientTests
{
    [Fact]
    public Task SequentialOfArguments_GetsReluAndHe() => Verify.BestAsync(
        """
        var model = Sequential(
            ("fc0", Linear(64, 64)), ("act0", {|GL1001:Sigmoid()|}), // first
            ("fc1", Linear(64, 64)), ("act1", /* second */ Sigmoid()),
            ("fc2", Linear(64, 64)), ("act2", Sigmoid()),
            ("fc3", Linear(64, 64)), ("act3", Sigmoid()),
            ("head", Linear(64, 10)));
        Console.WriteLine(model);
        """,
        """
        var model = Sequential(
            ("fc0", Linear(64, 64)), ("act0", ReLU()), // first
            ("fc1", Linear(64, 64)), ("act1", /* second */ ReLU()),
            ("fc2", Linear(64, 64)), ("act2", ReLU()),
            ("fc3", Linear(64, 64)), ("act3", ReLU()),
            ("head", Linear(64, 10)));
        // He initialization keeps the scale of signal and gradient through ReLU layers.
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
        }
        Console.WriteLine(model);
        """);

    [Fact]
    public Task SequentialFromALoopReturned_GetsReluAndHe() => Verify.BestAsync(
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp()
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                for (var i = 0; i < 12; i++)
                {
                    layers.Add(($"fc{i}", Linear(64, 64)));
                    layers.Add(($"act{i}", {|GL1001:Sigmoid()|}));
                }

                layers.Add(("head", Linear(64, 10)));
                return Sequential(layers);
            }
        }
        """,
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp()
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                for (var i = 0; i < 12; i++)
                {
                    layers.Add(($"fc{i}", Linear(64, 64)));
                    layers.Add(($"act{i}", ReLU()));
                }

                layers.Add(("head", Linear(64, 10)));
                var model = Sequential(layers);
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in model.named_parameters())
                {
                    if (parameter.dim() > 1 && name != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
                return model;
            }
        }
        """);

    [Fact]
    public Task SequentialOfArgumentsReturned_GetsReluAndHe() => Verify.BestAsync(
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp()
            {
                // A plain stack.
                return Sequential(
                    ("fc0", Linear(64, 64)), ("act0", {|GL1001:Sigmoid()|}), ("fc1", Linear(64, 64)), ("act1", Sigmoid()), // hidden
                    ("fc2", Linear(64, 64)), ("act2", Sigmoid()), ("fc3", Linear(64, 64)), ("act3", Sigmoid()),
                    ("head", Linear(64, 10)));
            }
        }
        """,
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp()
            {
                // A plain stack.
                var model = Sequential(
                    ("fc0", Linear(64, 64)), ("act0", ReLU()), ("fc1", Linear(64, 64)), ("act1", ReLU()), // hidden
                    ("fc2", Linear(64, 64)), ("act2", ReLU()), ("fc3", Linear(64, 64)), ("act3", ReLU()),
                    ("head", Linear(64, 10)));
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in model.named_parameters())
                {
                    if (parameter.dim() > 1 && name != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
                return model;
            }
        }
        """);

    [Fact]
    public Task SequentialOfAnExpressionBody_GetsABlock() => Verify.BestAsync(
        """
        static class Models
        {
            // A plain stack.
            public static Module<Tensor, Tensor> Mlp() => Sequential(
                Linear(64, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), // lower half
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));

            public static int Depth => 4;
        }
        """,
        """
        static class Models
        {
            // A plain stack.
            public static Module<Tensor, Tensor> Mlp()
            {
                var model = Sequential(
                    Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), // lower half
                    Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 10));
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in model.named_parameters())
                {
                    if (parameter.dim() > 1 && name != "8.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
                return model;
            }

            public static int Depth => 4;
        }
        """);

    [Fact]
    public Task FieldsAndFunctions_GetReluAndHe() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), fc5 = Linear(64, 64);
            private readonly Linear head = Linear(64, 10);

            public Net(string name = "Net") : base(name)
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = {|GL1001:functional.sigmoid(fc1.call(x))|};
                x = torch.sigmoid(fc2.call(x));
                x = fc3.call(x).sigmoid();
                x = fc4.call(x).tanh();
                x = fc5.call(x).sigmoid_();
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), fc5 = Linear(64, 64);
            private readonly Linear head = Linear(64, 10);

            public Net(string name = "Net") : base(name)
            {
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name2, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name2 != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
            }

            public override Tensor forward(Tensor x)
            {
                x = functional.relu(fc1.call(x));
                x = functional.relu(fc2.call(x));
                x = fc3.call(x).relu();
                x = fc4.call(x).relu();
                x = fc5.call(x).relu_();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task FieldOfTheActivationsOwnType_ChangesTypeToo() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), head = Linear(64, 10);
            private readonly Sigmoid act = {|GL1001:Sigmoid()|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = act.call(fc1.call(x));
                x = act.call(fc2.call(x));
                x = act.call(fc3.call(x));
                return head.call(act.call(fc4.call(x)));
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), head = Linear(64, 10);
            private readonly ReLU act = ReLU();

            public Net() : base("Net")
            {
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
            }

            public override Tensor forward(Tensor x)
            {
                x = act.call(fc1.call(x));
                x = act.call(fc2.call(x));
                x = act.call(fc3.call(x));
                return head.call(act.call(fc4.call(x)));
            }
        }
        """);

    [Fact]
    public Task QualifiedNames_StayQualified() => Verify.BestWithOwnUsingsAsync(
        """
        using TorchSharp;

        public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly torch.nn.Module<torch.Tensor, torch.Tensor> body;

            public Net() : base("Net")
            {
                body = torch.nn.Sequential(
                    torch.nn.Linear(64, 64), {|GL1001:torch.nn.Sigmoid()|},
                    torch.nn.Linear(64, 64), torch.nn.Sigmoid(),
                    torch.nn.Linear(64, 64), torch.nn.Sigmoid(),
                    torch.nn.Linear(64, 64), torch.nn.Sigmoid(),
                    torch.nn.Linear(64, 10));
                RegisterComponents();
            }

            public override torch.Tensor forward(torch.Tensor x) => body.call(x);
        }
        """,
        """
        using TorchSharp;

        public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly torch.nn.Module<torch.Tensor, torch.Tensor> body;

            public Net() : base("Net")
            {
                body = torch.nn.Sequential(
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 10));
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name != "body.8.weight")
                        torch.nn.init.kaiming_normal_(parameter, nonlinearity: torch.nn.init.NonlinearityType.ReLU);
                }
            }

            public override torch.Tensor forward(torch.Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task OtherRemedy_HasItsOwnInitialiser() => Verify.RemedyAsync(
        "GL1001.selu+init",
        """
        var model = Sequential(
            Linear(64, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));
        """,
        """
        var model = Sequential(
            Linear(64, 64), SELU(), Linear(64, 64), SELU(), Linear(64, 64), SELU(), Linear(64, 64), SELU(), Linear(64, 10));
        // LeCun initialization keeps the scale of signal and gradient through SELU layers.
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1 && name != "8.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.Linear);
        }
        """);

    [Fact]
    public Task ArgumentsOfASequential_GetNormsInTheirLines() => Verify.RemedyAsync(
        "GL1001.batch_norm",
        """
        var model = Sequential(
            Linear(32, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), /* second */ Sigmoid(), // two
            Linear(64, 64),
            Sigmoid(),
            Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));
        """,
        """
        var model = Sequential(
            Linear(32, 64), BatchNorm1d(64), Sigmoid(), Linear(64, 64), /* second */ BatchNorm1d(64), Sigmoid(), // two
            Linear(64, 64),
            BatchNorm1d(64),
            Sigmoid(),
            Linear(64, 64), BatchNorm1d(64), Sigmoid(), Linear(64, 64), BatchNorm1d(64), Sigmoid(), Linear(64, 10));
        """);

    [Fact]
    public Task ArgumentsOfASequential_AreWrapped() => Verify.RemedyAsync(
        "GL1001.residual",
        """
        namespace Nets;

        static class Models
        {
            public static Module<Tensor, Tensor> Mlp() => Sequential(
                Linear(32, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), // two
                Linear(64, 64),
                Sigmoid(),
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));
        }
        """,
        """
        namespace Nets;

        static class Models
        {
            public static Module<Tensor, Tensor> Mlp() => Sequential(
                Linear(32, 64), Sigmoid(), new Residual(Sequential(Linear(64, 64), Sigmoid())), // two
                new Residual(Sequential(Linear(64, 64), Sigmoid())),
                new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), Linear(64, 10));
        }

        /// <summary>x + scale * f(x): the gradient reaches x undiminished, whatever f does to its share.</summary>
        internal sealed class Residual : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> branch;
            private readonly double scale;

            public Residual(Module<Tensor, Tensor> branch, double scale = 1) : base(nameof(Residual))
            {
                this.branch = branch;
                this.scale = scale;
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var change = branch.call(input);
                return input.add(change, scale);
            }
        }

        """);

    [Fact]
    public Task ModelsOfTwoFiles_ShareTheClassThatIsWrittenOnce() => Verify.RemedyAsync(
        "GL1001.residual",
        [
            """
            namespace Nets.One;

            static class First
            {
                public static Module<Tensor, Tensor> Create() => Sequential(
                    Linear(64, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10)); // first
            }

            """,
            """
            namespace Nets.Two
            {
                static class Second
                {
                    public static Module<Tensor, Tensor> Create() => Sequential(
                        Linear(64, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10)); // second
                }
            }

            """,
        ],
        [
            """
            namespace Nets.One;

            static class First
            {
                public static Module<Tensor, Tensor> Create() => Sequential(
                    new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), Linear(64, 10)); // first
            }

            /// <summary>x + scale * f(x): the gradient reaches x undiminished, whatever f does to its share.</summary>
            internal sealed class Residual : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> branch;
                private readonly double scale;

                public Residual(Module<Tensor, Tensor> branch, double scale = 1) : base(nameof(Residual))
                {
                    this.branch = branch;
                    this.scale = scale;
                    RegisterComponents();
                }

                public override Tensor forward(Tensor input)
                {
                    using var change = branch.call(input);
                    return input.add(change, scale);
                }
            }

            """,
            """
            namespace Nets.Two
            {
                static class Second
                {
                    public static Module<Tensor, Tensor> Create() => Sequential(
                        new One.Residual(Sequential(Linear(64, 64), Sigmoid())), new One.Residual(Sequential(Linear(64, 64), Sigmoid())), new One.Residual(Sequential(Linear(64, 64), Sigmoid())), new One.Residual(Sequential(Linear(64, 64), Sigmoid())), Linear(64, 10)); // second
                }
            }

            """,
        ]);

    /// <summary>Their activations are the same code, edited once; each draws its own weights.</summary>
    [Fact]
    public Task ModelsThatShareAFactory_AreMendedInOnePass() => Verify.BestAsync(
        Sharing("{|GL1001:Small|}", "{|GL1001:Large|}", "Sigmoid", " => RegisterComponents();", " => RegisterComponents();"),
        Sharing("Small", "Large", "ReLU", Initializing, " => RegisterComponents();"),
        Sharing("Small", "Large", "ReLU", Initializing, Initializing));

    private const string Initializing = """

            {
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
            }
        """;

    private static string Sharing(string small, string large, string activation, string smallBody, string largeBody) => $$"""
        static class Layers
        {
            public static Sequential Hidden(long width) => Sequential(Linear(width, width), {{activation}}(), Linear(width, width), {{activation}}()); // two
        }

        class {{small}} : Module<Tensor, Tensor>
        {
            private readonly Sequential lower = Layers.Hidden(32), upper = Layers.Hidden(32);
            private readonly Linear head = Linear(32, 10);

            public Small() : base("Small"){{smallBody}}

            public override Tensor forward(Tensor x) => head.call(upper.call(lower.call(x)));
        }

        class {{large}} : Module<Tensor, Tensor>
        {
            private readonly Sequential lower = Layers.Hidden(64), middle = Layers.Hidden(64), upper = Layers.Hidden(64);
            private readonly Linear head = Linear(64, 10);

            public Large() : base("Large"){{largeBody}}

            public override Tensor forward(Tensor x) => head.call(upper.call(middle.call(lower.call(x))));
        }
        """;

    [Fact]
    public Task Fields_GetNormsBesideThem() => Verify.RemedyAsync(
        "GL1001.batch_norm",
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), _fc3 = Linear(64, 64), last;
            private readonly Linear head = Linear(64, 10); // logits

            public Net(long width = 64) : base("Net")
            {
                last = Linear(width, width); // hidden
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = {|GL1001:functional.sigmoid(fc1.call(x))|};
                x = torch.sigmoid(fc2.call(x));
                x = _fc3.call(x).sigmoid();
                return head.call(last.call(x).sigmoid());
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), _fc3 = Linear(64, 64), last;
            private readonly BatchNorm1d norm1 = BatchNorm1d(64), norm2 = BatchNorm1d(64), _norm3 = BatchNorm1d(64), norm;
            private readonly Linear head = Linear(64, 10); // logits

            public Net(long width = 64) : base("Net")
            {
                last = Linear(width, width); // hidden
                norm = BatchNorm1d(width);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = functional.sigmoid(norm1.call(fc1.call(x)));
                x = torch.sigmoid(norm2.call(fc2.call(x)));
                x = _norm3.call(_fc3.call(x)).sigmoid();
                return head.call(norm.call(last.call(x)).sigmoid());
            }
        }
        """);

    /// <summary>A block of another width would no longer fit its own input.</summary>
    [Fact]
    public Task BlockThatMayChangeTheWidth_IsNotAddedToItsInput() => Verify.NotOfferedAsync(
        "GL1001.residual",
        """
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public Block(long inputs, long outputs) : base("Block")
            {
                fc = Linear(inputs, outputs); // any width
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => torch.sigmoid(fc.call(x));
        }

        class {|GL1001:Net|} : Module<Tensor, Tensor>
        {
            private readonly Block b1 = new(32, 32), b2 = new(32, 32), b3 = new(32, 32), b4 = new(32, 32), b5 = new(32, 32);
            private readonly Linear head = Linear(32, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(b5.call(b4.call(b3.call(b2.call(b1.call(x))))));
        }
        """);

    [Fact]
    public Task ActivationChosenByName_IsLeftAlone() => Verify.NothingAsync("""
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 12; i++)
                {
                    layers.Add({|GL1001:Linear(64, 64)|});
                    layers.Add(Activation("sigmoid"));
                }

                layers.Add(Linear(64, 10));
                return Sequential(layers);
            }

            private static Module<Tensor, Tensor> Activation(string name) => name switch
            {
                "sigmoid" => Sigmoid(),
                _ => ReLU(),
            };
        }
        """);
}
