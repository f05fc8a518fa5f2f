using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>Stacks so deep that plain residual connections are not enough: ReZero, stochastic depth and highways are on offer.</summary>
internal static class WrapperCases
{
    public static IEnumerable<ProofCase> All =>
    [
        Starved("20 layers, Sequential, positional", $$"""
            public static class Models
            {
                public static Module<Tensor, Tensor> Create() => Sequential(
                    {{string.Join(", ", Enumerable.Repeat("Linear(64, 64), ReLU()", 20))}}, Linear(64, 10));
            }
            """),
        Starved("20 layers, list built in a loop, without GradLint.Runtime", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create() => Sequential(Layers(20));

                private static List<(string, Module<Tensor, Tensor>)> Layers(int depth)
                {
                    var layers = new List<(string, Module<Tensor, Tensor>)>();
                    for (var i = 0; i < depth; i++)
                    {
                        layers.Add(($"fc{i}", Linear(64, 64)));
                        layers.Add(($"act{i}", ReLU()));
                    }

                    layers.Add(("head", Linear(64, 10)));
                    return layers;
                }
            }
            """) with { ReferencesRuntime = false },
        Starved("20 layers, fields and modules", Fields("private readonly ReLU act = ReLU();", layer => $"x = act.call({layer}.call(x));")),
        Starved("20 layers, fields and functions, without GradLint.Runtime", Fields("", layer => $"x = functional.relu({layer}.call(x));")) with { ReferencesRuntime = false },
        Starved("20 layers, fields and tensor methods", Fields("", layer => $"x = {layer}.call(x);\n        x = x.relu();")),
        Starved("20 layers, ModuleList", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Linear> layers = new();
                private readonly Linear head = Linear(64, 10);

                public Net() : base("Net")
                {
                    for (var i = 0; i < 20; i++)
                        layers.Add(Linear(64, 64));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = layer.call(x).relu();
                    return head.call(x);
                }
            }
            """),
        new(RuleIds.InitialScaleFarFromCritical, "20 layers, ModuleList, without GradLint.Runtime", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                private readonly Linear head = Linear(64, 10);

                public Net() : base("Net")
                {
                    for (var i = 0; i < 20; i++)
                    {
                        layers.Add(Linear(64, 64));
                    }

                    RegisterComponents();
                    foreach (var (name, parameter) in layers.named_parameters())
                    {
                        if (parameter.dim() > 1)
                            init.normal_(parameter, 0, 1);
                    }
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                    {
                        x = torch.tanh(layer.call(x));
                    }

                    return head.call(x);
                }
            }
            """, new GradientRatio()) { ReferencesRuntime = false },
    ];

    private static ProofCase Starved(string form, string source) => new(RuleIds.DefaultInitializationStarvesDepth, form, source, new GradientRatio());

    private static string Fields(string member, Func<string, string> apply)
    {
        var layers = Enumerable.Range(1, 20).Select(number => $"fc{number}").ToArray();
        return $$"""
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear {{string.Join(", ", layers.Select(layer => $"{layer} = Linear(64, 64)"))}};
                private readonly Linear head = Linear(64, 10);
                {{member}}

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    {{string.Join("\n        ", layers.Select(apply))}}
                    return head.call(x);
                }
            }
            """;
    }
}
