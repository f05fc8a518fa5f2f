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
}
