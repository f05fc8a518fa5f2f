using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.InsertActivation>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class InsertActivationTests
{
    [Fact]
    public Task NamedSequential_GetsANamedRelu() => Verify.BestAsync(
        """
        var net = Sequential(
            ("fc1", Linear(64, 128)), // up
            ("fc2", {|GL1006:Linear(128, 64)|}), // down
            ("relu", ReLU()),
            ("head", Linear(64, 10)));
        """,
        """
        var net = Sequential(
            ("fc1", Linear(64, 128)), ("relu2", ReLU()), // up
            ("fc2", Linear(128, 64)), // down
            ("relu", ReLU()),
            ("head", Linear(64, 10)));
        """);

    [Fact]
    public Task PositionalSequential_GetsARelu() => Verify.BestAsync(
        """
        static class Models
        {
            public static Sequential Create() => torch.nn.Sequential(torch.nn.Linear(64, 128), {|GL1006:torch.nn.Linear(128, 64)|} /* down */, {|GL1006:torch.nn.Linear(64, 64)|});
        }
        """,
        """
        static class Models
        {
            public static Sequential Create() => torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 64) /* down */, torch.nn.ReLU(), torch.nn.Linear(64, 64));
        }
        """);

    [Fact]
    public Task ListOfLayers_GetsAStatement() => Verify.BestAsync(
        """
        static class Models
        {
            public static Sequential Create()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                // up and down
                layers.Add(Linear(64, 128));
                layers.Add({|GL1006:Linear(128, 64)|});
                return Sequential(layers);
            }
        }
        """,
        """
        static class Models
        {
            public static Sequential Create()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                // up and down
                layers.Add(Linear(64, 128));
                layers.Add(ReLU());
                layers.Add(Linear(128, 64));
                return Sequential(layers);
            }
        }
        """);

    [Fact]
    public Task Fields_GetAFunction() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = {|GL1006:Linear(64, 10)|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = fc.call(x); // hidden
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = functional.relu(fc.call(x)); // hidden
                return head.call(x);
            }
        }
        """);

    /// <summary>A ReLU after each of them would be one after the output too.</summary>
    [Fact]
    public Task LoopWhoseLastLayerIsTheOutput_HasNoFix() => Verify.NothingAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 3; i++)
                    layers.Add({|GL1006:{|GL1006:Linear(64, 64)|}|});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x);
                return x;
            }
        }
        """);

    [Fact]
    public Task LoopUnderAHead_GetsAFunction() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = {|GL1006:Linear(64, 10)|};

            public Net() : base("Net")
            {
                for (var i = 0; i < 2; i++)
                    layers.Add({|GL1006:Linear(64, 64)|});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x); // hidden
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 2; i++)
                    layers.Add(Linear(64, 64));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = functional.relu(layer.call(x)); // hidden
                return head.call(x);
            }
        }
        """);
}
