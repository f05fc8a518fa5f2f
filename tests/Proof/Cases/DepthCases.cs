using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL1002, GL1007 and GL4001: stacks too deep for how they are drawn and wired.</summary>
internal static class DepthCases
{
    public static IEnumerable<ProofCase> All =>
    [
        Exploding("orthogonal, loop over parameters", Stack(20, "Tanh()", """
            foreach (var (name, parameter) in net.named_parameters())
            {
                if (parameter.dim() > 1 && name != "head.weight")
                    init.orthogonal_(parameter, 5);
            }
            """)),
        Exploding("Xavier with a large gain, each layer", Net(20, "var layer = Linear(64, 64); init.xavier_uniform_(layer.weight, gain: 5); layers.Add(layer);", "x = layer.call(x).tanh();")),
        Exploding("functions, orthogonal over the layers", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Linear> layers = new();
                private readonly Linear head = Linear(64, 10);

                public Net() : base("Net")
                {
                    for (var i = 0; i < 20; i++)
                        layers.Add(Linear(64, 64));
                    RegisterComponents();
                    foreach (var layer in layers)
                        init.orthogonal_(layer.weight, gain: 6);
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = torch.tanh(layer.call(x));
                    return head.call(x);
                }
            }
            """),
        Alike("Sequential, positional", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create() => Sequential(
                    Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(),
                    Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 10));
            }
            """),
        Alike("list built in a loop", Stack(8, "ReLU()", "")),
        Alike("fields and functions", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64);
                private readonly Linear fc5 = Linear(64, 64), fc6 = Linear(64, 64), fc7 = Linear(64, 64), fc8 = Linear(64, 64);
                private readonly Linear head = Linear(64, 10);

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    x = functional.relu(fc1.call(x));
                    x = functional.relu(fc2.call(x));
                    x = functional.relu(fc3.call(x));
                    x = functional.relu(fc4.call(x));
                    x = functional.relu(fc5.call(x));
                    x = functional.relu(fc6.call(x));
                    x = functional.relu(fc7.call(x));
                    x = functional.relu(fc8.call(x));
                    return head.call(x);
                }
            }
            """),
        Plain("list built in a loop", Stack(25, "ReLU()", """
            foreach (var (name, parameter) in net.named_parameters())
            {
                if (parameter.dim() > 1 && name != "head.weight")
                    init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
            }
            """)),
        Plain("ModuleList", Net(25, "var layer = Linear(64, 64); init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU); layers.Add(layer);", "x = layer.call(x).relu();")),
        Plain("SELU, without GradLint.Runtime", Stack(25, "SELU()", """
            foreach (var (name, parameter) in net.named_parameters())
            {
                if (parameter.dim() > 1 && name != "head.weight")
                    init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.Linear);
            }
            """)) with { ReferencesRuntime = false },
        Plain("block class", """
            public sealed class Block : Module<Tensor, Tensor>
            {
                private readonly Linear fc;
                private readonly ReLU act = ReLU();

                public Block(long width) : base("Block")
                {
                    fc = Linear(width, width);
                    init.kaiming_normal_(fc.weight, nonlinearity: init.NonlinearityType.ReLU);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => act.call(fc.call(x));
            }

            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential body;

                public Net() : base("Net")
                {
                    var blocks = new List<Module<Tensor, Tensor>>();
                    for (var i = 0; i < 25; i++)
                        blocks.Add(new Block(64));
                    blocks.Add(Linear(64, 10));
                    body = Sequential(blocks);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """),
    ];

    private static ProofCase Exploding(string form, string source) => new(RuleIds.ExplodingGradient, form, source, new GradientRatio());

    private static ProofCase Alike(string form, string source) => new(RuleIds.IndistinguishableInputs, form, source, new InputCorrelation());

    private static ProofCase Plain(string form, string source) => new(RuleIds.DeepPlainStack, form, source, new GradientRatio { MayBeInBand = true });

    /// <summary>A Sequential of equal layers with a head of ten outputs, from a list built in a loop.</summary>
    public static string Stack(int depth, string activation, string initialize) => $$"""
        public static class Models
        {
            public static Module<Tensor, Tensor> Create()
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                for (var i = 0; i < {{depth}}; i++)
                {
                    layers.Add(($"fc{i}", Linear(64, 64)));
                    layers.Add(($"act{i}", {{activation}}));
                }

                layers.Add(("head", Linear(64, 10)));
                var net = Sequential(layers);
        {{initialize}}
                return net;
            }
        }
        """;

    private static string Net(int depth, string make, string apply) => $$"""
        public sealed class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < {{depth}}; i++)
                {
                    {{make}}
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    {{apply}}
                return head.call(x);
            }
        }
        """;
}
