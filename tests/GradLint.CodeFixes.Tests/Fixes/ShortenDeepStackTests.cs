using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.ShortenDeepStack>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class ShortenDeepStackTests
{
    [Fact]
    public Task NamedLayersOfALoop_AreWrapped() => Verify.RemedyAsync(
        "GL4001.scaled_residual",
        Loop(
            """
                        layers.Add(($"fc{i}", {|GL4001:Linear(64, 64)|})); // linear
                        // rectified
                        layers.Add(($"act{i}", ReLU()));
            """),
        Loop(
            """
                        // linear
                        // rectified
                        layers.Add(($"block{i}", new Residual(Sequential(($"fc{i}", Linear(64, 64)), ($"act{i}", ReLU())), scale: 0.2)));
            """) + WrittenClasses.Residual);

    [Fact]
    public Task NamedLayersOfALoop_GetNorms() => Verify.BestAsync(
        Loop(
            """
                        layers.Add(($"fc{i}", {|GL4001:Linear(64, 64)|})); // linear
                        // rectified
                        layers.Add(($"act{i}", ReLU()));
            """),
        Loop(
            """
                        layers.Add(($"fc{i}", Linear(64, 64))); // linear
                        layers.Add(($"norm{i}", LayerNorm(64)));
                        // rectified
                        layers.Add(($"act{i}", ReLU()));
            """));

    [Fact]
    public Task LoopInForward_AddsItsInput() => Verify.BestAsync(
        ModuleList("x = functional.relu(layer.call(x)); // rectified", "{|GL4001:Linear(64, 64)|}"),
        ModuleList("x = x + functional.relu(layer.call(x)) * 0.2; // rectified", "Linear(64, 64)"));

    private static string Loop(string body) => $$"""
        public static class Models
        {
            public static Module<Tensor, Tensor> Create()
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                for (var i = 0; i < 25; i++)
                {
        {{body}}
                }

                layers.Add(("head", Linear(64, 10)));
                var net = Sequential(layers);
                foreach (var (name, parameter) in net.named_parameters())
                {
                    if (parameter.dim() > 1 && name != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
                return net;
            }
        }

        """;

    private static string ModuleList(string apply, string layer) => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 25; i++)
                    layers.Add({{layer}});
                RegisterComponents();
                foreach (var layer in layers)
                    init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU);
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    {{apply}}
                return head.call(x);
            }
        }
        """;
}
