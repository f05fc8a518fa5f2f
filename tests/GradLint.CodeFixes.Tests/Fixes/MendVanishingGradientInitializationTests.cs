using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MendVanishingGradient>;

namespace GradLint.CodeFixes.Tests.Fixes;

/// <summary>Where the initialiser goes that the new activation needs.</summary>
public class MendVanishingGradientInitializationTests
{
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
}
