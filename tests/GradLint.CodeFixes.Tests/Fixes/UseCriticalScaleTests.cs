using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.UseCriticalScale>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class UseCriticalScaleTests
{
    [Fact]
    public Task NormalDrawnInALoopOverParameters_BecomesHe() => Verify.BestAsync(
        """
        var model = Sequential(
            Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 10));
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.EndsWith("weight"))
                {|GL2004:init.normal_(parameter, 0, 0.01)|}; // small
        }
        """,
        """
        var model = Sequential(
            Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 10));
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.EndsWith("weight"))
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU); // small
        }
        """);

    [Fact]
    public Task TensorMethod_BecomesACallOfInit() => Verify.BestAsync(
        Net("", "{|GL2004:layer.weight.normal_(0, 0.01)|}; // small", "x = layer.call(x).relu();"),
        Net("", "init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU); // small", "x = layer.call(x).relu();"));

    /// <summary>The call draws biases too, which have no fan-in: the weights are drawn anew after it.</summary>
    [Fact]
    public Task CallThatDrawsBiasesToo_IsFollowedByAnotherLoop() => Verify.BestAsync(
        Net("", "foreach (var parameter in layer.parameters()) {|GL2004:init.normal_(parameter, 0, 1)|};", "x = layer.call(x).tanh();"),
        Net(
            """

                    // Xavier initialization keeps the scale of signal and gradient through Tanh layers.
                    foreach (var (name, parameter2) in named_parameters())
                    {
                        if (parameter2.dim() > 1 && name != "last.weight" && name != "head.weight")
                            init.xavier_uniform_(parameter2, gain: 5.0 / 3);
                    }
            """,
            "foreach (var parameter in layer.parameters()) init.normal_(parameter, 0, 1);", "x = layer.call(x).tanh();"));

    [Fact]
    public Task TwoActivations_EachGetTheirOwn() => Verify.BestAsync(
        Net("", "{|GL2004:init.normal_(layer.weight, 0, 0.01)|}; // small", "x = layer.call(x).relu();", "layers.Append(last)", "last.call(x).tanh()"),
        Net(
            """


                    // He initialization keeps the scale of signal and gradient through ReLU layers, Xavier through Tanh.
                    foreach (var (name, parameter) in named_parameters())
                    {
                        if (name is "last.weight")
                            init.xavier_uniform_(parameter, gain: 5.0 / 3);
                        else if (parameter.dim() > 1 && name != "head.weight")
                            init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                    }
            """,
            "init.normal_(layer.weight, 0, 0.01); // small", "x = layer.call(x).relu();", "layers.Append(last)", "last.call(x).tanh()"));

    private static string Net(string end, string initialize, string apply, string drawn = "layers", string beforeHead = "last.call(x).relu()") => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear last = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 14; i++)
                    layers.Add(Linear(64, 64));
                RegisterComponents();
                foreach (var layer in {{drawn}})
                    {{initialize}}{{end}}
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    {{apply}}
                return head.call({{beforeHead}});
            }
        }
        """;
}
