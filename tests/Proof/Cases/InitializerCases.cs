using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL2003, GL2005 and GL2006: weights that do not start as they should.</summary>
internal static class InitializerCases
{
    public static IEnumerable<ProofCase> All =>
    [
        IdenticalUnits("Sequential of locals", """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var fc = Linear(16, 24);
                    var head = Linear(24, 4);
                    init.constant_(fc.weight, 0.1);
                    init.zeros_(fc.bias);
                    init.constant_(head.weight, 0.2);
                    init.zeros_(head.bias);
                    return Sequential(("fc", fc), ("act", Tanh()), ("head", head));
                }
            }
            """),
        IdenticalUnits("fields, tensor methods", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(16, 24), head = Linear(24, 4);

                public Net() : base("Net")
                {
                    RegisterComponents();
                    using (no_grad())
                    {
                        fc.weight.fill_(0.1);
                        fc.bias.zero_();
                        head.weight.fill_(0.1);
                        head.bias.zero_();
                    }
                }

                public override Tensor forward(Tensor x) => head.call(functional.silu(fc.call(x)));
            }
            """),
        IdenticalUnits("loop over all parameters", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(16, 24), hidden = Linear(24, 24), head = Linear(24, 4);
                private readonly GELU act = GELU();

                public Net() : base("Net")
                {
                    RegisterComponents();
                    foreach (var parameter in parameters())
                        init.constant_(parameter, 0.1);
                }

                public override Tensor forward(Tensor x) => head.call(act.call(hidden.call(act.call(fc.call(x)))));
            }
            """),
        XavierNormal("local", 1, """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var fc = Linear(64, 48);
                    init.xavier_normal_(fc.weight);
                    return Sequential(fc, Tanh(), Linear(48, 4));
                }
            }
            """),
        XavierNormal("field, with a gain", 2, """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(64, 48), head = Linear(48, 4);

                public Net(double scale = 1.5) : base("Net")
                {
                    torch.nn.init.glorot_normal_(this.fc.weight!, gain: scale + 0.5);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => head.call(fc.call(x).tanh());
            }
            """),
        XavierNormal("loop over layers of several kinds", 1, """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential body = Sequential(Conv2d(1, 16, 3, padding: 1), ReLU(), Flatten(), Linear(1024, 4));

                public Net() : base("Net")
                {
                    RegisterComponents();
                    foreach (var (name, parameter) in named_parameters())
                    {
                        if (parameter.dim() > 1)
                            init.xavier_normal_(parameter);
                    }
                }

                public override Tensor forward(Tensor x) => body.call(x.view(-1, 1, 8, 8));
            }
            """),
        GainAsSlope("local, gain of ReLU", Math.Sqrt(2), """
            public static class Models
            {
                public static Module<Tensor, Tensor> Create()
                {
                    var fc = Linear(64, 48);
                    init.kaiming_normal_(fc.weight, Math.Sqrt(2));
                    return Sequential(fc, ReLU(), Linear(48, 4));
                }
            }
            """),
        GainAsSlope("field, by calculate_gain", 5.0 / 3, """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(64, 48), head = Linear(48, 4);

                public Net() : base("Net")
                {
                    nn.init.kaiming_uniform_(fc.weight, init.calculate_gain(init.NonlinearityType.Tanh));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => head.call(torch.tanh(fc.call(x)));
            }
            """),
        GainAsSlope("loop, gain and mode by position", Math.Sqrt(2), """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential body = Sequential(Linear(64, 64), ReLU(), Linear(64, 4));

                public Net() : base("Net")
                {
                    RegisterComponents();
                    foreach (var module in modules())
                    {
                        if (module is Linear linear)
                            init.kaiming_normal_(linear.weight, 1.4142, init.FanInOut.FanOut);
                    }
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """),
    ];

    private static ProofCase IdenticalUnits(string form, string source) => new(RuleIds.IdenticalUnits, form, source, new DistinctUnits()) { Input = [64, 16] };

    private static ProofCase XavierNormal(string form, double gain, string source) => new(RuleIds.XavierNormalDrawsUniform, form, source, new WeightKurtosis(gain));

    private static ProofCase GainAsSlope(string form, double gain, string source) => new(RuleIds.KaimingSlopeGivenGain, form, source, new InitialGain(gain));
}
