using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ExplodingGradientTests
{
    [Fact]
    public Task TanhFarBeyondTheCriticalGain_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 20; i++)
        {
            layers.Add(($"fc{i}", {|GL1002:Linear(64, 64)|}));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.orthogonal_(parameter, 5);
        }
        """);

    [Fact]
    public Task TanhAtTheCriticalGain_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 20; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.orthogonal_(parameter, 1);
        }
        """);

    [Fact]
    public Task GrowthWithinTheBand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 4; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"act{i}", Tanh()));
        }

        layers.Add(("head", Linear(64, 10)));
        var net = Sequential(layers);
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.orthogonal_(parameter, 2);
        }
        """);
}
