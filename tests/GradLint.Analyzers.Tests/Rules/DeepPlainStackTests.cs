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

    [Fact]
    public Task TypeWithAModuleList_Triggers() => Verify.DiagnosticsAsync(
        new DeepStack(26, "{|GL4001:Linear(64, 64)|}", "ReLU()") { Initializer = "init.kaiming_normal_(parameter)" }.AsType);

    [Fact]
    public Task Convolutions_Trigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Conv2d> convs = new();
            private readonly Linear head = Linear(16, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 25; i++)
                {
                    var conv = {|GL4001:Conv2d(i == 0 ? 3 : 16, 16, 3, padding: 1)|};
                    init.kaiming_normal_(conv.weight);
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

    [Theory]
    [InlineData(23, true), InlineData(40, true), InlineData(22, false), InlineData(18, false)]
    public Task Depth_Decides(int depth, bool triggers) => Verify.DiagnosticsAsync(
        new DeepStack(depth, triggers ? "{|GL4001:Linear(64, 64)|}" : "Linear(64, 64)", "ReLU()") { Initializer = "init.kaiming_normal_(parameter)" }.AsList);

    [Fact]
    public Task DropoutAndReshapesBetween_Trigger() => Verify.DiagnosticsAsync(
        new DeepStack(26, "{|GL4001:Linear(64, 64)|}", "Sequential(ReLU(), Dropout(0.1))") { Initializer = "init.kaiming_normal_(parameter)" }.AsList);

    [Fact]
    public Task Residual_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 30; i++)
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
    public Task BatchNormalized_DoesNotTrigger() => Verify.DiagnosticsAsync(
        new DeepStack(30, "Sequential(Linear(64, 64), BatchNorm1d(64))", "ReLU()").AsList);

    [Fact]
    public Task WideWithManyHeads_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> heads = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 30; i++)
                    heads.Add(Linear(64, 2));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => torch.cat(heads.Select(head => head.call(x)).ToArray(), 1);
        }
        """);
}
