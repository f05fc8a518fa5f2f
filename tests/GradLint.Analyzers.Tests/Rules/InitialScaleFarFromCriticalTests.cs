using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class InitialScaleFarFromCriticalTests
{
    [Fact]
    public Task TinyScale_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 8; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                {|GL2004:init.normal_(parameter, 0, 0.01)|};
        }
        """);

    [Fact]
    public Task UnitScale_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 14; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                {|GL2004:init.normal_(parameter, 0, 1)|};
        }
        """);

    [Fact]
    public Task CriticalScale_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 8; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.normal_(parameter, 0, Math.Sqrt(2.0 / 64));
        }
        """);

    [Fact]
    public Task TinyScaleInAShallowNet_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 1; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", ReLU()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.normal_(parameter, 0, 0.02);
        }
        """);

    [Fact]
    public Task TypeThatDrawsInAMethod_Triggers() => Verify.DiagnosticsAsync(
        new DeepStack(10, "Linear(64, 64)", "ReLU()") { Initializer = "{|GL2004:init.normal_(parameter, 0, 0.02)|}" }.AsType);

    [Fact]
    public Task TinyUniform_Triggers() => Verify.DiagnosticsAsync(
        new DeepStack(8, "Linear(64, 64)", "LeakyReLU(0.1)") { Initializer = "{|GL2004:init.uniform_(parameter, -0.02, 0.02)|}" }.AsList);

    [Fact]
    public Task ScaleFromAConstant_Triggers() => Verify.DiagnosticsAsync(
        "static class Settings { public const double Scale = 0.01; }",
        new DeepStack(8, "Linear(64, 64)", "GELU()") { Initializer = "{|GL2004:init.normal_(parameter, 0, Settings.Scale)|}" }.AsType);

    [Fact]
    public Task DrawnInPlace_Triggers() => Verify.DiagnosticsAsync(
        new DeepStack(8, "Linear(64, 64)", "ReLU()") { Initializer = "using (torch.no_grad()) {|GL2004:parameter.normal_(0, 0.01)|}" }.AsType);

    /// <summary>The ratio stays about 1; the signal does not.</summary>
    [Fact]
    public Task UnitScaleBeforeReLU_TriggersByItsSignal() => Verify.MessageAsync(
        new DeepStack(12, "Linear(64, 64)", "ReLU()") { Initializer = "{|#0:init.normal_(parameter, 0, 1)|}" }.AsList, "GL2004",
        "Signal leaving 'head' is predicted to have an RMS of 6E+8 with the scale of 12 weights written by hand; He initialization keeps it in range");

    [Fact]
    public Task Message_HasTheNumbers() => Verify.MessageAsync(
        new DeepStack(8, "Linear(64, 64)", "ReLU()") { Initializer = "{|#0:init.normal_(parameter, 0, 0.01)|}" }.AsList, "GL2004",
        "Gradient reaching 'fc0' is predicted to be 2E-8 of the one at 'head' with the scale of 8 weights written by hand; He initialization gives a ratio of 0.32");

    [Fact]
    public Task TransformersScale_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Embedding tokens = Embedding(100, 64);
            private readonly ModuleList<LayerNorm> norms = new();
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 100);

            public Net() : base("Net")
            {
                for (var i = 0; i < 12; i++)
                {
                    norms.Add(LayerNorm(64));
                    layers.Add(Linear(64, 64));
                }

                RegisterComponents();
                foreach (var (_, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1)
                        init.normal_(parameter, 0, 0.02);
                }
            }

            public override Tensor forward(Tensor ids)
            {
                var x = tokens.call(ids);
                for (var i = 0; i < 12; i++)
                    x = x + functional.gelu(layers[i].call(norms[i].call(x)));
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task NormalizedLayers_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(8, "Sequential(Linear(64, 64), BatchNorm1d(64))", "ReLU()") { Initializer = "init.normal_(parameter, 0, 0.02)" }.AsType);

    [Fact]
    public Task ScaleThatOnlyTheUserKnows_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(8, "Linear(64, 64)", "ReLU()") { Initializer = "init.normal_(parameter, 0, double.Parse(Console.ReadLine()!))" }.AsType);

    /// <summary>Xavier would not mend it: the sigmoids are the cause.</summary>
    [Fact]
    public Task TinyScaleBeforeSigmoids_IsAnotherRulesFinding() => Verify.DiagnosticsAsync(
        new DeepStack(8, "Linear(64, 64)", "{|GL1001:Sigmoid()|}") { Initializer = "init.normal_(parameter, 0, 0.01)" }.AsList);

    [Fact]
    public Task WiderBand_IsASetting() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.min_gradient_ratio = 1e-12", new DeepStack(8, "Linear(64, 64)", "ReLU()") { Head = "{|GL1007:Linear(64, 10)|}", Initializer = "init.normal_(parameter, 0, 0.01)" }.AsType);
}
