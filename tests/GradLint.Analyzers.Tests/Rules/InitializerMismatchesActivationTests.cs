using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class InitializerMismatchesActivationTests
{
    [Fact]
    public Task XavierBeforeReLU_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 16; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                {|GL2002:init.xavier_uniform_(parameter)|};
        }
        """);

    [Fact]
    public Task HeBeforeReLU_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 16; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
        }
        """);

    [Fact]
    public Task XavierInAShallowNet_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 2; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.xavier_uniform_(parameter);
        }
        """);

    [Fact]
    public Task XavierBeforeTanh_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 6; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.xavier_uniform_(parameter, 5.0 / 3);
        }
        """);

    /// <summary>Out of the band it is the cause of a fault.</summary>
    [Theory]
    [InlineData("gradlint.min_gradient_ratio = 1e-3", DiagnosticSeverity.Info)]
    [InlineData("gradlint.min_gradient_ratio = 0.1", DiagnosticSeverity.Warning)]
    public Task OutOfTheBand_IsAWarning(string setting, DiagnosticSeverity severity) => Verify.DiagnosticsWithConfigAsync(
        setting, new DeepStack(16, "Linear(64, 64)", "ReLU()") { Initializer = "{|#0:init.xavier_uniform_(parameter)|}" }.AsList,
        new DiagnosticResult("GL2002", severity).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));

    [Fact]
    public Task TypeThatDrawsInAMethod_Triggers() => Verify.DiagnosticsAsync(
        new DeepStack(16, "Linear(64, 64)", "ReLU()") { Initializer = "{|GL2002:init.xavier_uniform_(parameter)|}" }.AsType);

    [Theory]
    [InlineData("LeakyReLU(0.1)"), InlineData("GELU()"), InlineData("PReLU(1)")]
    public Task OtherRectifiers_Trigger(string activation) => Verify.DiagnosticsAsync(
        new DeepStack(16, "Linear(64, 64)", activation) { Initializer = "{|GL2002:init.xavier_uniform_(parameter)|}" }.AsList);

    [Fact]
    public Task ReLUOfAConvolution_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Conv2d> convs = new();
            private readonly Linear head = Linear(16, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 16; i++)
                {
                    var conv = Conv2d(i == 0 ? 3 : 16, 16, 3, padding: 1);
                    {|GL2002:init.xavier_uniform_(conv.weight)|};
                    convs.Add(conv);
                }

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
    public Task FewLayers_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(3, "Linear(64, 64)", "ReLU()") { Initializer = "init.xavier_uniform_(parameter)" }.AsList);

    [Fact]
    public Task XavierWithTheGainOfTanh_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(12, "Linear(64, 64)", "Tanh()") { Initializer = "init.xavier_uniform_(parameter, 5.0 / 3)" }.AsList);

    [Fact]
    public Task XavierWithTheGainOfReLU_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(16, "Linear(64, 64)", "ReLU()") { Initializer = "init.xavier_uniform_(parameter, Math.Sqrt(2))" }.AsList);

    [Fact]
    public Task NormalizedLayers_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(16, "Sequential(Linear(64, 64), BatchNorm1d(64))", "ReLU()") { Initializer = "init.xavier_uniform_(parameter)" }.AsType);
}
