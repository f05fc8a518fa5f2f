using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class DefaultInitializationStarvesDepthTests
{
    [Fact]
    public Task DeepReLUStack_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 14; i++)
        {
            layers.Add(($"fc{i}", {|GL2001:Linear(128, 128)|}));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(128, 10)));
        var net = Sequential(layers);
        """);

    [Fact]
    public Task HeInitialization_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 14; i++)
        {
            layers.Add(($"fc{i}", Linear(128, 128)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(128, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
        }
        """);

    [Fact]
    public Task ShallowStack_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 5; i++)
        {
            layers.Add(($"fc{i}", Linear(128, 128)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(128, 10)));
        var net = Sequential(layers);
        """);

    [Fact]
    public Task Normalized_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 14; i++)
        {
            layers.Add(($"fc{i}", Linear(128, 128)));
            layers.Add(($"norm{i}", LayerNorm(128)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(128, 10)));
        var net = Sequential(layers);
        """);

    [Fact]
    public Task DeepConvolutions_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Conv2d> convs = new();
            private readonly Linear head = Linear(16, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 16; i++)
                    convs.Add({|GL2001:Conv2d(i == 0 ? 3 : 16, 16, 3, padding: 1)|});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var conv in convs)
                    x = functional.relu(conv.call(x));
                return head.call(x.mean(new long[] { 2, 3 }));
            }
        }
        """);

    [Fact]
    public Task TypeWithAModuleList_Triggers() => Verify.DiagnosticsAsync(new DeepStack(14, "{|GL2001:Linear(64, 64)|}", "LeakyReLU(0.05)").AsType);

    [Fact]
    public Task LayersOfAnIterator_Trigger() => Verify.DiagnosticsAsync(new DeepStack(14, "Linear(64, 64)", "ReLU6()") { RootMarkup = "GL2001" }.AsFactory);

    [Fact]
    public Task SmoothRectifier_Triggers() => Verify.DiagnosticsAsync(new DeepStack(14, "{|GL2001:Linear(64, 64)|}", "GELU()").AsList);

    [Fact]
    public Task Message_HasTheNumbers() => Verify.MessageAsync(
        new DeepStack(14, "{|#0:Linear(64, 64)|}", "ReLU()").AsList, "GL2001",
        "Gradient reaching 'fc0' is predicted to be 7E-5 of the one at 'head' with TorchSharp's default initialization of 14 layers; He initialization gives 0.31");

    /// <summary>The band decides: what is too little is a setting.</summary>
    [Theory]
    [InlineData("gradlint.min_gradient_ratio = 1e-6", 14, false)]
    [InlineData("gradlint.min_gradient_ratio = 0.1", 7, true)]
    public Task Band_IsASetting(string setting, int depth, bool triggers) => Verify.DiagnosticsWithConfigAsync(
        setting, new DeepStack(depth, triggers ? "{|GL2001:Linear(128, 128)|}" : "Linear(128, 128)", "ReLU()") { Head = triggers ? "Linear(128, 10)" : "{|GL1007:Linear(128, 10)|}" }.AsList);

    [Fact]
    public Task ResidualBlocks_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 20; i++)
                    layers.Add(Linear(64, 64));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = x + functional.relu(layer.call(x));
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task StaticFieldDrawnByTheMethodThatItGoesThrough_DoesNotTrigger() => Verify.DiagnosticsAsync($$"""
        static class Models
        {
            public static readonly Sequential Deep = Drawn(Sequential({{string.Concat(Enumerable.Repeat("Linear(64, 64), ReLU(), ", 14))}}Linear(64, 10)));

            private static Sequential Drawn(Sequential model)
            {
                foreach (var weight in model.parameters().Where(parameter => parameter.dim() > 1))
                    init.kaiming_normal_(weight, nonlinearity: init.NonlinearityType.ReLU);
                return model;
            }
        }
        """);

    [Fact]
    public Task WeightsLoadedAfterwards_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(14, "Linear(64, 64)", "ReLU()").AsType.Replace("Draw();", "load(\"weights.dat\");", StringComparison.Ordinal));

    [Fact]
    public Task DepthThatOnlyTheUserKnows_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(0, "Linear(64, 64)", "ReLU()").AsType.Replace("i < 0", "i < int.Parse(Console.ReadLine()!)", StringComparison.Ordinal));
}
