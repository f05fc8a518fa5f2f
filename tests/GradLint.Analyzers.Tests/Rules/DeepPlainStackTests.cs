using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class DeepPlainStackTests
{
    [Fact]
    public Task ThirtyPlainLayers_Triggers() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 30; i++)
        {
            layers.Add(($"fc{i}", {|GL4001:Linear(64, 64)|}));
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
    public Task TwelvePlainLayers_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 12; i++)
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
    public Task ThirtyNormalizedLayers_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 30; i++)
        {
            layers.Add(($"fc{i}", Linear(64, 64)));
            layers.Add(($"norm{i}", LayerNorm(64)));
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
}
