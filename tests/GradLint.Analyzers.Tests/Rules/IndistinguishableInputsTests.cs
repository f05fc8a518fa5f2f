using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class IndistinguishableInputsTests
{
    [Fact]
    public Task EightReLULayers_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 8; i++)
        {
            layers.Add(($"fc{i}", Linear(128, 128)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", {|GL1007:Linear(128, 10)|}));
        var net = Sequential(layers);
        """);

    [Fact]
    public Task HeInitialization_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 8; i++)
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
    public Task ShallowNet_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 2; i++)
        {
            layers.Add(($"fc{i}", Linear(128, 128)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(128, 10)));
        var net = Sequential(layers);
        """);

    [Fact]
    public Task GlobalPooling_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 16, 3), ReLU(), Conv2d(16, 16, 3), ReLU(), AdaptiveAvgPool2d(1), Flatten(), Linear(16, 10));
        """);

    [Fact]
    public Task TypeWithAModuleList_Triggers() => Verify.DiagnosticsAsync(new DeepStack(9, "Linear(64, 64)", "ReLU()") { Head = "{|GL1007:Linear(64, 10)|}" }.AsType);

    [Fact]
    public Task LeakyReLUs_Trigger() => Verify.DiagnosticsAsync(new DeepStack(9, "Linear(64, 64)", "LeakyReLU(0.01)") { Head = "{|GL1007:Linear(64, 10)|}" }.AsList);

    [Fact]
    public Task LayersOfAnIterator_Trigger() => Verify.DiagnosticsAsync(new DeepStack(9, "Linear(64, 64)", "ReLU()") { RootMarkup = "GL1007" }.AsFactory);

    [Fact]
    public Task FunctionalForm_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = {|GL1007:Linear(96, 10)|};

            public Net() : base("Net")
            {
                for (var i = 0; i < 9; i++)
                    layers.Add(Linear(96, 96));
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
    public Task Dropout_ChangesNothing_Triggers() => Verify.DiagnosticsAsync(
        new DeepStack(9, "Linear(64, 64)", "Sequential(ReLU(), Dropout(0.0))") { Head = "{|GL1007:Linear(64, 10)|}" }.AsList);

    [Fact]
    public Task NormalizedLayers_DoesNotTrigger() => Verify.DiagnosticsAsync(new DeepStack(8, "Sequential(Linear(64, 64), BatchNorm1d(64))", "ReLU()").AsType);

    [Fact]
    public Task ResidualBlocks_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 9; i++)
                    layers.Add(Linear(64, 64));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = x + layer.call(x).relu();
                return head.call(x);
            }
        }
        """);

    /// <summary>A gradient out of the band is another rule's.</summary>
    [Fact]
    public Task DeeperStack_IsAnotherRulesFinding() => Verify.DiagnosticsAsync(new DeepStack(16, "{|GL2001:Linear(64, 64)|}", "ReLU()").AsList);
}
