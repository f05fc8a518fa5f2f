using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL1005, GL1006 and GL1008: activations in the wrong place, missing, or dead from the start.</summary>
internal static class ActivationCases
{
    public static IEnumerable<ProofCase> All =>
    [
        OnStream("function of the sum", """
            public sealed class Block : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(32, 32);

                public Block() : base("Block") => RegisterComponents();

                public override Tensor forward(Tensor x) => torch.sigmoid(x + fc.call(x));
            }

            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential blocks = Sequential(new Block(), new Block(), new Block(), new Block(), Linear(32, 10));

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x) => blocks.call(x);
            }
            """),
        OnStream("module of the sum, branch first", """
            public sealed class Block : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(32, 32);
                private readonly Sigmoid act = Sigmoid();

                public Block() : base("Block") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    return act.call(fc.call(x) + x);
                }
            }

            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Block> blocks = new();
                private readonly Linear head = Linear(32, 10);

                public Net() : base("Net")
                {
                    for (var i = 0; i < 4; i++)
                        blocks.Add(new Block());
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var block in blocks)
                        x = block.call(x);
                    return head.call(x);
                }
            }
            """),
        OnStream("tensor method of the sum", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear a = Linear(32, 32), b = Linear(32, 32), c = Linear(32, 32), d = Linear(32, 32), head = Linear(32, 10);

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    x = (x + a.call(x)).sigmoid();
                    x = (x + b.call(x)).sigmoid();
                    x = (x + c.call(x)).sigmoid();
                    x = (x + d.call(x)).sigmoid();
                    return head.call(x);
                }
            }
            """),
        Adjacent("Sequential, positional", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create() => Sequential(Linear(64, 64), Linear(64, 10));
            }
            """),
        Adjacent("Sequential, named", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create() => Sequential(
                    ("fc", Linear(64, 64)), // wide
                    ("drop", Dropout(0)),
                    ("head", Linear(64, 10)));
            }
            """),
        Adjacent("list", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var layers = new List<Module<Tensor, Tensor>>();
                    layers.Add(Linear(64, 64));
                    layers.Add(Linear(64, 10));
                    return Sequential(layers);
                }
            }
            """),
        Adjacent("fields", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x) => head.call(fc.call(x));
            }
            """),
        Dead("Sequential, bias by constant_", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var fc = Linear(64, 64);
                    init.constant_(fc.bias!, -3);
                    return Sequential(("fc", fc), ("act", ReLU()), ("head", Linear(64, 10)));
                }
            }
            """),
        Dead("fields, bias by fill_", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);

                public Net() : base("Net")
                {
                    RegisterComponents();
                    using (no_grad())
                        fc.bias!.fill_(-2.5);
                }

                public override Tensor forward(Tensor x) => head.call(functional.relu(fc.call(x)));
            }
            """),
        Dead("loop over biases", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(64, 64), hidden = Linear(64, 64), head = Linear(64, 10);

                public Net() : base("Net")
                {
                    RegisterComponents();
                    foreach (var (name, parameter) in named_parameters())
                    {
                        if (name.EndsWith("bias"))
                            init.constant_(parameter, -3);
                    }
                }

                public override Tensor forward(Tensor x) => head.call(hidden.call(fc.call(x).relu()).relu());
            }
            """),
    ];

    private static ProofCase OnStream(string form, string source) => new(RuleIds.SaturatingResidualStream, form, source, new ShortcutGradient()) { Input = [32, 32] };

    private static ProofCase Adjacent(string form, string source) => new(RuleIds.AdjacentLinearLayers, form, source, new Curvature());

    private static ProofCase Dead(string form, string source) => new(RuleIds.DeadUnitsAtInitialization, form, source, new DeadUnits());
}
