using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL1001: deep stacks of saturating activations.</summary>
internal static class VanishingGradientCases
{
    public static IEnumerable<ProofCase> All =>
    [
        Case("Sequential, positional", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var model = Sequential(
                        Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(),
                        Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 10));
                    return model;
                }
            }
            """),
        Case("Sequential, named", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create() => Build();

                private static Sequential Build()
                {
                    return Sequential(
                        ("fc0", Linear(32, 32)), ("act0", Sigmoid()), ("fc1", Linear(32, 32)), ("act1", Sigmoid()),
                        ("fc2", Linear(32, 32)), ("act2", Sigmoid()), ("fc3", Linear(32, 32)), ("act3", Sigmoid()),
                        ("fc4", Linear(32, 32)), ("act4", Sigmoid()), ("head", Linear(32, 10)));
                }
            }
            """),
        Case("Sequential from a list built in a loop", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var layers = new List<(string, Module<Tensor, Tensor>)>();
                    for (var i = 0; i < 8; i++)
                    {
                        layers.Add(($"fc{i}", Linear(32, 32)));
                        layers.Add(($"act{i}", Sigmoid()));
                    }

                    layers.Add(("head", Linear(32, 10)));
                    return Sequential(layers);
                }
            }
            """),
        Case("Sequential passed on where it is made", """
            public static class Models
            {
                private static readonly Func<Module<Tensor, Tensor>, Module<Tensor, Tensor>> trained = model => model;

                public static Module<Tensor, Tensor> Create() => trained(Sequential(
                    Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(),
                    Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 10)));
            }
            """),
        Case("fields under a primary constructor", Registered + """
            public sealed class Net(string name = "Net") : Registered(name)
            {
                private readonly Linear fc0 = Linear(32, 32), fc1 = Linear(32, 32), fc2 = Linear(32, 32), fc3 = Linear(32, 32);
                private readonly Linear fc4 = Linear(32, 32), head = Linear(32, 10);

                public override Tensor forward(Tensor x)
                {
                    x = fc2.call(fc1.call(fc0.call(x).sigmoid()).sigmoid()).sigmoid();
                    return head.call(fc4.call(fc3.call(x).sigmoid()).sigmoid());
                }
            }
            """),
        Case("Sequential in a type without a constructor", Registered + """
            public sealed class Net : Registered
            {
                private readonly Sequential body = Sequential(
                    Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(),
                    Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 10));

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """),
        Case("ModuleList of blocks with primary constructors", Registered + """
            public sealed class Block(long width) : Module<Tensor, Tensor>(nameof(Block))
            {
                private readonly Linear fc = Linear(width, width);

                public override Tensor forward(Tensor x) => functional.sigmoid(fc.call(x));
            }

            public sealed class Net() : Registered("Net")
            {
                private readonly ModuleList<Block> blocks = new([.. Enumerable.Range(0, 6).Select(_ => new Block(32))]);
                private readonly Linear head = Linear(32, 10);

                public override Tensor forward(Tensor x)
                {
                    foreach (var block in blocks)
                        x = block.call(x);
                    return head.call(x);
                }
            }
            """),
        Case("ModuleList of widths, built in a loop", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Linear> layers = new();
                private readonly Linear head = Linear(20, 10);

                public Net() : base("Net")
                {
                    var width = 32;
                    for (var i = 0; i < 6; i++)
                    {
                        layers.Add(Linear(width, width - 2));
                        width -= 2;
                    }

                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = functional.sigmoid(layer.call(x));
                    return head.call(x);
                }
            }
            """),
        Case("Sequential in a field", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential body;

                public Net() : base("Net")
                {
                    body = Sequential(
                        Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(),
                        Linear(32, 32), Sigmoid(), Linear(32, 32), Sigmoid(), Linear(32, 10));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """),
        Case("fields and modules", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = Linear(32, 32), fc2 = Linear(32, 32), fc3 = Linear(32, 32), fc4 = Linear(32, 32), fc5 = Linear(32, 32);
                private readonly Linear head = Linear(32, 10);
                private readonly Sigmoid act = Sigmoid();

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    x = act.call(fc1.call(x));
                    x = act.call(fc2.call(x));
                    x = act.call(fc3.call(x));
                    x = act.call(fc4.call(x));
                    return head.call(act.call(fc5.call(x)));
                }
            }
            """),
        Case("fields and functions", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = Linear(32, 32), fc2 = Linear(32, 32), fc3 = Linear(32, 32), fc4 = Linear(32, 32), fc5 = Linear(32, 32);
                private readonly Linear head = Linear(32, 10);

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    x = functional.sigmoid(fc1.call(x));
                    x = functional.sigmoid(fc2.call(x));
                    x = torch.sigmoid(fc3.call(x));
                    x = functional.sigmoid(fc4.call(x));
                    return head.call(functional.sigmoid(fc5.call(x)));
                }
            }
            """),
        Case("tensor methods", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = Linear(32, 32), fc2 = Linear(32, 32), fc3 = Linear(32, 32), fc4 = Linear(32, 32), fc5 = Linear(32, 32);
                private readonly Linear head = Linear(32, 10);

                public Net() : base("Net")
                {
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    x = fc1.call(x).sigmoid();
                    x = fc2.call(x).sigmoid();
                    x = fc3.call(x).sigmoid();
                    x = fc4.call(x).sigmoid();
                    return head.call(fc5.call(x).sigmoid());
                }
            }
            """),
        Case("factory method", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential l1 = Layer(32), l2 = Layer(32), l3 = Layer(32), l4 = Layer(32), l5 = Layer(32), l6 = Layer(32);
                private readonly Linear head = Linear(32, 10);

                public Net() : base("Net") => RegisterComponents();

                private static Sequential Layer(long width) => Sequential(("fc", Linear(width, width)), ("act", Tanh()), ("fc2", Linear(width, width)), ("act2", Sigmoid()));

                public override Tensor forward(Tensor x) => head.call(l6.call(l5.call(l4.call(l3.call(l2.call(l1.call(x)))))));
            }
            """),
        Case("block class", """
            public sealed class Block : Module<Tensor, Tensor>
            {
                private readonly Linear fc;
                private readonly Module<Tensor, Tensor> act;

                public Block(long width) : base("Block")
                {
                    fc = Linear(width, width);
                    act = Sigmoid();
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => act.call(fc.call(x));
            }

            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Block b1 = new(32), b2 = new(32), b3 = new(32), b4 = new(32), b5 = new(32);
                private readonly Linear head = Linear(32, 10);

                public Net() : base("Net")
                {
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => head.call(b5.call(b4.call(b3.call(b2.call(b1.call(x))))));
            }
            """),
        Case("ModuleList in a loop", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                private readonly Linear head = Linear(32, 10);

                public Net() : base("Net")
                {
                    for (var i = 0; i < 6; i++)
                        layers.Add(Linear(32, 32));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                        x = functional.sigmoid(layer.call(x));
                    return head.call(x);
                }
            }
            """),
    ];

    private static ProofCase Case(string form, string source) => new(RuleIds.VanishingGradient, form, source, new GradientRatio()) { Input = [32, 32] };

    /// <summary>Fields of a type with a primary constructor are there before its base registers them.</summary>
    private const string Registered = """
        public abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name = "Net") : base(name)
            {
                RegisterComponents();
            }
        }

        """;
}
