using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL2007 and GL4002: norms.</summary>
internal static class NormalizationCases
{
    public static IEnumerable<ProofCase> All =>
    [
        GroupNorm("field", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Conv2d conv = Conv2d(1, 8, 3, padding: 1);
                private readonly GroupNorm norm = GroupNorm(2, 8);
                private readonly Linear head = Linear(512, 4);

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x) => head.call(norm.call(conv.call(x)).relu().flatten(1));
            }
            """),
        GroupNorm("constructor", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Conv2d conv;
                private readonly GroupNorm norm;
                private readonly Linear head;

                public Net(long channels = 8) : base("Net")
                {
                    conv = Conv2d(1, channels, 3, padding: 1);
                    norm = nn.GroupNorm(2, channels);
                    head = Linear(64 * channels, 4);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => head.call(norm.call(conv.call(x)).relu().flatten(1));
            }
            """),
        GroupNorm("in a Sequential, several", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    return Sequential(
                        ("conv", Conv2d(1, 8, 3, padding: 1)), ("norm", GroupNorm(2, 8)), ("act", ReLU()),
                        ("conv2", Conv2d(8, 8, 3, padding: 1)), ("norm2", GroupNorm(4, 8)), ("act2", ReLU()),
                        ("flat", Flatten()), ("head", Linear(512, 4)));
                }
            }
            """),
        GroupNorm("added to a list", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var layers = new List<Module<Tensor, Tensor>>();
                    for (var i = 0; i < 3; i++)
                    {
                        layers.Add(Conv2d(i == 0 ? 1 : 8, 8, 3, padding: 1));
                        layers.Add(GroupNorm(2, 8));
                        layers.Add(ReLU());
                    }

                    layers.Add(Flatten());
                    layers.Add(Linear(512, 4));
                    return Sequential(layers);
                }
            }
            """),
        LateNorm("Sequential, named", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var fc = Linear(32, 32);
                    init.normal_(fc.weight, 0, 0.7);
                    return Sequential(("fc", fc), ("act", Tanh()), ("norm", BatchNorm1d(32)), ("head", Linear(32, 10)));
                }
            }
            """),
        LateNorm("Sequential, positional", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var fc = Linear(32, 32);
                    init.normal_(fc.weight, 0, 0.7);
                    var model = Sequential(
                        fc, Tanh(), // squeezed
                        LayerNorm(32), Linear(32, 10));
                    return model;
                }
            }
            """),
        LateNorm("list built in a loop", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var layers = new List<(string, Module<Tensor, Tensor>)>();
                    for (var i = 0; i < 3; i++)
                    {
                        var fc = Linear(32, 32);
                        init.normal_(fc.weight, 0, 0.7);
                        layers.Add(($"fc{i}", fc));
                        layers.Add(($"act{i}", Tanh()));
                        layers.Add(($"norm{i}", BatchNorm1d(32)));
                    }

                    layers.Add(("head", Linear(32, 10)));
                    return Sequential(layers);
                }
            }
            """),
        LateNorm("fields", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(32, 32), head = Linear(32, 10);
                private readonly Tanh act = Tanh();
                private readonly BatchNorm1d norm = BatchNorm1d(32);

                public Net() : base("Net")
                {
                    init.normal_(fc.weight, 0, 0.7);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => head.call(norm.call(act.call(fc.call(x))));
            }
            """),
    ];

    private static ProofCase LateNorm(string form, string source) => new(RuleIds.NormalizationAfterSaturation, form, source, new Saturation()) { Input = [32, 32] };

    private static ProofCase GroupNorm(string form, string source) => new(RuleIds.UninitializedGroupNorm, form, source, new UndefinedValues()) { Input = [4, 1, 8, 8] };
}
