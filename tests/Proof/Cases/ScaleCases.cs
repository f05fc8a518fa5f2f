using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL2001, GL2002 and GL2004: weights drawn at a scale that depth makes too small or too large.</summary>
internal static class ScaleCases
{
    public static IEnumerable<ProofCase> All =>
    [
        Default("list built in a loop", Stack("""
            var layers = new List<(string, Module<Tensor, Tensor>)>();
            for (var i = 0; i < 16; i++)
            {
                layers.Add(($"fc{i}", Linear(64, 64)));
                layers.Add(($"act{i}", ReLU()));
            }

            layers.Add(("head", Linear(64, 10)));
            return Sequential(layers);
            """)),
        Default("field that is a Sequential", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential body;

                public Net() : base("Net")
                {
                    var layers = new List<Module<Tensor, Tensor>>();
                    for (var i = 0; i < 16; i++)
                    {
                        layers.Add(Linear(64, 64));
                        layers.Add(ReLU());
                        layers.Add(Dropout(0.1));
                    }

                    layers.Add(Linear(64, 10));
                    body = Sequential(layers);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """),
        Default("ModuleList", Net("layers.Add(Linear(64, 64));", "", "x = functional.leaky_relu(layer.call(x), 0.01);")),
        Default("partial type", """
            public sealed partial class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                private readonly Linear head = Linear(64, 10);

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = layer.call(x);
                    return head.call(x);
                }
            }

            public partial class Net
            {
                public Net() : base("Net")
                {
                    for (var i = 0; i < 16; i++)
                        layers.Add(Sequential(Linear(64, 64), ReLU()));
                    RegisterComponents();
                }
            }
            """),
        Default("convolutions", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential features, classifier;

                public Net() : base("Net")
                {
                    var layers = new List<Module<Tensor, Tensor>> { Conv2d(3, 16, 3, padding: 1), ReLU() };
                    for (var i = 0; i < 14; i++)
                    {
                        layers.Add(Conv2d(16, 16, 3, padding: 1));
                        layers.Add(ReLU());
                    }

                    features = Sequential(layers);
                    classifier = Sequential(Flatten(), Linear(16 * 8 * 8, 10));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => classifier.call(features.call(x));
            }
            """, 16, 3, 8, 8),
        Mismatch("call of each layer", Net("var layer = Linear(64, 64); init.xavier_uniform_(layer.weight); layers.Add(layer);", "", "x = layer.call(x).relu();")),
        Mismatch("loop over parameters", Stack("""
            var layers = new List<Module<Tensor, Tensor>>();
            for (var i = 0; i < 16; i++)
                layers.AddRange(new Module<Tensor, Tensor>[] { Linear(64, 64), ReLU() });
            layers.Add(Linear(64, 10));
            var model = Sequential(layers);
            foreach (var parameter in model.parameters())
            {
                if (parameter.dim() > 1)
                    init.xavier_uniform_(parameter);
            }
            return model;
            """)),
        Mismatch("helper method", Net("layers.Add(Linear(64, 64));", "Draw(this);", "x = layer.call(x).relu();", """

                private static void Draw(Module module)
                {
                    foreach (var (name, parameter) in module.named_parameters())
                    {
                        if (name.EndsWith("weight") && parameter.dim() > 1)
                            init.glorot_uniform_(parameter);
                    }
                }
            """)),
        Scale("tensor method", Net("layers.Add(Linear(64, 64));", "foreach (var layer in layers) using (no_grad()) layer.weight.normal_(0, 0.01);", "x = layer.call(x).relu();")),
        Scale("named parameters", Stack("""
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
                    init.normal_(parameter, 0, 0.01);
            }
            return net;
            """)),
        Scale("weights and biases in one call", Net(
            "layers.Add(Linear(64, 64));", "foreach (var layer in layers) foreach (var parameter in layer.parameters()) init.normal_(parameter, 0, 1);", "x = layer.call(x).tanh();")),
        Scale("uniform", Net("var layer = Linear(64, 64); init.uniform_(layer.weight, -0.02, 0.02); layers.Add(layer);", "", "x = functional.gelu(layer.call(x));")),
        Scale("convolutions", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential body = Sequential(
                    Conv2d(3, 16, 3, padding: 1), ReLU(), Conv2d(16, 16, 3, padding: 1), ReLU(), Conv2d(16, 16, 3, padding: 1), ReLU(), Conv2d(16, 16, 3, padding: 1), ReLU(),
                    Conv2d(16, 16, 3, padding: 1), ReLU(), Conv2d(16, 16, 3, padding: 1), ReLU(), Flatten(), Linear(16 * 8 * 8, 10));

                public Net() : base("Net")
                {
                    RegisterComponents();
                    foreach (var module in body.children())
                    {
                        if (module is Conv2d convolution)
                            init.normal_(convolution.weight, std: 0.001);
                    }
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """, 16, 3, 8, 8),
    ];

    private static ProofCase Default(string form, string source, params long[] input) => Case(RuleIds.DefaultInitializationStarvesDepth, form, source, new(), input);

    private static ProofCase Mismatch(string form, string source) => Case(RuleIds.InitializerMismatchesActivation, form, source, new() { MayBeInBand = true }, []);

    private static ProofCase Scale(string form, string source, params long[] input) => Case(RuleIds.InitialScaleFarFromCritical, form, source, new(), input);

    private static ProofCase Case(string rule, string form, string source, GradientRatio measure, long[] input) =>
        new(rule, form, source, measure) { Input = input.Length > 0 ? input : [32, 64] };

    private static string Stack(string body) => $$"""
        public static class Models
        {
            public static Module<Tensor, Tensor> Create()
            {
        {{body}}
            }
        }
        """;

    private static string Net(string make, string initialize, string apply, string helper = "") => $$"""
        public sealed class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 16; i++)
                {
                    {{make}}
                }

                RegisterComponents();
                {{initialize}}
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    {{apply}}
                return head.call(x);
            }
        {{helper}}
        }
        """;
}
