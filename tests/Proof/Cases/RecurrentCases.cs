using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL3003 and GL3004: recurrent layers that forget before the sequence ends.</summary>
internal static class RecurrentCases
{
    private const int Length = 40;

    public static IEnumerable<ProofCase> All =>
    [
        ShortMemory("RNN in a field, last step by index", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly RNN recurrent = RNN(8, 32, batchFirst: true);
                private readonly Linear head = Linear(32, 2);

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    var (output, _) = recurrent.call(x);
                    return head.call(output[.., -1]);
                }
            }
            """),
        ShortMemory("RNN made in the constructor, of two layers, last step by select", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly RNN recurrent;
                private readonly Linear head;

                public Net(long hidden = 32) : base("Net")
                {
                    recurrent = nn.RNN(8, hidden, 2, NonLinearities.Tanh, batchFirst: true);
                    head = Linear(hidden, 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    var result = recurrent.call(x);
                    return head.call(result.Item1.select(1, -1));
                }
            }
            """),
        ShortMemory("RNN by forward, final state", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.RNN recurrent;
                private readonly Linear head;

                public Net() : base("Net")
                {
                    this.recurrent = torch.nn.RNN(8, 32, nonLinearity: NonLinearities.ReLU, batchFirst: true);
                    this.head = torch.nn.Linear(32, 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    Tensor final;
                    (_, final) = this.recurrent.call(x, null);
                    return head.call(final[-1]);
                }
            }
            """),
        ShortMemory("RNNs of a list in a loop", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<RNN> layers = new();
                private readonly Linear head = Linear(32, 2);

                public Net() : base("Net")
                {
                    layers.Add(RNN(8, 32, batchFirst: true));
                    layers.Add(RNN(32, 32, batchFirst: true));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in layers)
                    {
                        var (output, _) = layer.call(x);
                        x = output;
                    }

                    return head.call(x[.., -1]);
                }
            }
            """),
        ShortMemory("RNN by index under a primary constructor", """
            public abstract class Registered : Module<Tensor, Tensor>
            {
                protected Registered(string name) : base(name) => RegisterComponents();
            }

            public sealed class Net() : Registered("Net")
            {
                private readonly ModuleList<RNN> layers = new(RNN(8, 32, batchFirst: true));
                private readonly Linear head = Linear(32, 2);

                public override Tensor forward(Tensor x)
                {
                    for (var i = 0; i < layers.Count; i++)
                        x = layers[i].call(x).Item1;
                    return head.call(x[.., -1]);
                }
            }
            """),
        ShortMemory("GRU", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly GRU recurrent;
                private readonly Linear head;

                public Net() : base("Net")
                {
                    recurrent = GRU(8, 32, batchFirst: true);
                    head = Linear(32, 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    var (output, hidden) = recurrent.call(x);
                    return head.call(output[.., -1]);
                }
            }
            """),
        ShortMemory("LSTM", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly LSTM recurrent = LSTM(8, 32, batchFirst: true);
                private readonly Linear head = Linear(32, 2);

                public Net() : base("Net")
                {
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => head.call(recurrent.call(x).Item1[.., -1]);
            }
            """),
        ForgetGates("LSTM in a field", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly LSTM lstm = LSTM(8, 32, batchFirst: true);
                private readonly Linear head = Linear(32, 2);

                public Net() : base("Net")
                {
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    var (output, _, _) = lstm.call(x);
                    return head.call(output[.., -1]);
                }
            }
            """),
        ForgetGates("LSTM in a list", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly ModuleList<LSTM> layers = new([LSTM(8, 32, batchFirst: true)]);
                private readonly Linear head = Linear(32, 2);

                public Net() : base("Net")
                {
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    foreach (var lstm in layers)
                        (x, _, _) = lstm.call(x);
                    return head.call(x[.., -1]);
                }
            }
            """),
        ForgetGates("LSTM of two layers made in the constructor", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly LSTM lstm;
                private readonly Linear head;

                public Net() : base("Net")
                {
                    lstm = LSTM(8, 32, 2, batchFirst: true);
                    head = Linear(32, 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    var (output, _, _) = lstm.call(x);
                    return head.call(output.select(1, -1));
                }
            }
            """),
        ForgetGates("LSTM in a property, both ways", """
            public sealed class Net : Module<Tensor, Tensor>
            {
                public LSTM Recurrent { get; } = LSTM(8, 32, batchFirst: true, bidirectional: true);
                private readonly LSTM lstm;
                private readonly Linear head;

                public Net() : base("Net")
                {
                    lstm = Recurrent;
                    head = Linear(64, 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    var (output, _, _) = lstm.call(x);
                    return head.call(output.mean([1]));
                }
            }
            """),
    ];

    private static ProofCase ShortMemory(string form, string source) => new(RuleIds.ShortMemoryHorizon, form, source, new MemoryHorizon(Length))
    {
        Input = [4, Length, 8],
        Configuration = FormattableString.Invariant($"gradlint.sequence_length = {Length}"),
    };

    /// <summary>Half open, they let a gradient through for 14 steps.</summary>
    private static ProofCase ForgetGates(string form, string source) => new(RuleIds.ForgetGateBiasNearZero, form, source, new MemoryHorizon(20)) { Input = [4, 100, 8] };
}
