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
}
