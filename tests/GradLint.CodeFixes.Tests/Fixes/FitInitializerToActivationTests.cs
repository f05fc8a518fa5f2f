using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.FitInitializerToActivation>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class FitInitializerToActivationTests
{
    [Fact]
    public Task XavierOfRelu_BecomesHeInTheSameCall() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 16; i++)
                {
                    var layer = Linear(64, 64);
                    {|GL2002:init.xavier_uniform_(layer.weight)|}; // Glorot
                            layers.Add(layer);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).relu();
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
                for (var i = 0; i < 16; i++)
                {
                    var layer = Linear(64, 64);
                    init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU); // Glorot
                            layers.Add(layer);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).relu();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task QualifiedCall_StaysQualified() => Verify.BestWithOwnUsingsAsync(
        """
        using System.Collections.Generic;
        using TorchSharp;

        public static class Models
        {
            public static torch.nn.Module<torch.Tensor, torch.Tensor> Create()
            {
                var layers = new List<torch.nn.Module<torch.Tensor, torch.Tensor>>();
                for (var i = 0; i < 16; i++)
                {
                    layers.Add(torch.nn.Linear(64, 64));
                    layers.Add(torch.nn.ReLU());
                }

                var model = torch.nn.Sequential(layers);
                foreach (var parameter in model.parameters())
                {
                    if (parameter.dim() > 1)
                        {|GL2002:torch.nn.init.xavier_uniform_(parameter)|}; // all but biases
                }
                return model;
            }
        }
        """,
        """
        using System.Collections.Generic;
        using TorchSharp;

        public static class Models
        {
            public static torch.nn.Module<torch.Tensor, torch.Tensor> Create()
            {
                var layers = new List<torch.nn.Module<torch.Tensor, torch.Tensor>>();
                for (var i = 0; i < 16; i++)
                {
                    layers.Add(torch.nn.Linear(64, 64));
                    layers.Add(torch.nn.ReLU());
                }

                var model = torch.nn.Sequential(layers);
                foreach (var parameter in model.parameters())
                {
                    if (parameter.dim() > 1)
                        torch.nn.init.kaiming_normal_(parameter, nonlinearity: torch.nn.init.NonlinearityType.ReLU); // all but biases
                }
                return model;
            }
        }
        """);

    /// <summary>He initialisation would let the signal of the other model grow a thousandfold.</summary>
    [Fact]
    public Task HelperThatAnotherModelIsRightWith_IsLeftAlone() => Verify.BestAsync(
        [Helper("init.xavier_uniform_(layer.weight)"), Model("Net", 16, "relu()", mark: "GL2002"), Model("Linearized", 24, "leaky_relu(0.9)", mark: "GL4001")],
        [
            Helper("init.xavier_uniform_(layer.weight)"),
            Model("Net", 16, "relu()", """

                        // He initialization keeps the scale of signal and gradient through ReLU layers.
                        foreach (var (name, parameter) in named_parameters())
                        {
                            if (parameter.dim() > 1 && name != "head.weight")
                                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                        }
                """),
            Model("Linearized", 24, "leaky_relu(0.9)", mark: "GL4001"),
        ]);

    [Fact]
    public Task HelperThatAnotherModelIsBetterWithToo_IsMendedForBoth() => Verify.BestAsync(
        [Helper("init.xavier_uniform_(layer.weight)"), Model("Net", 16, "relu()", mark: "GL2002"), Model("Other", 14, "relu()", mark: "GL2002")],
        [Helper("init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU)"), Model("Net", 16, "relu()"), Model("Other", 14, "relu()")]);

    /// <summary>What cannot be predicted may be harmed.</summary>
    [Fact]
    public Task HelperOfAModelThatCannotBePredicted_IsLeftAlone() => Verify.BestAsync(
        [Helper("init.xavier_uniform_(layer.weight)"), Model("Net", 16, "relu()", mark: "GL2002"), Model("Other", 4, "pow(x.sum())")],
        [
            Helper("init.xavier_uniform_(layer.weight)"),
            Model("Net", 16, "relu()", """

                        // He initialization keeps the scale of signal and gradient through ReLU layers.
                        foreach (var (name, parameter) in named_parameters())
                        {
                            if (parameter.dim() > 1 && name != "head.weight")
                                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                        }
                """),
            Model("Other", 4, "pow(x.sum())"),
        ]);

    private static string Helper(string initialization) => $$"""
        static class Layers
        {
            public static Linear Make(int width)
            {
                var layer = Linear(width, width);
                {{initialization}};
                return layer;
            }
        }
        """;

    private static string Model(string name, int depth, string activation, string afterRegistration = "", string? mark = null) => $$"""
        class {{(mark is null ? name : $"{{|{mark}:{name}|}}")}} : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public {{name}}() : base("{{name}}")
            {
                for (var i = 0; i < {{depth}}; i++)
                    layers.Add(Layers.Make(64));
                RegisterComponents();{{afterRegistration}}
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).{{activation}};
                return head.call(x);
            }
        }
        """;
}
