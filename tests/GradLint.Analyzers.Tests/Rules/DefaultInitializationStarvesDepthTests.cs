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
}
