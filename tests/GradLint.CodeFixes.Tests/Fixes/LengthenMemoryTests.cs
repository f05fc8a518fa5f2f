using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.LengthenMemory>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class LengthenMemoryTests
{
    private const string Length = "gradlint.sequence_length = 50";

    [Fact]
    public Task RnnInAField_BecomesLstmThatSpreadsItsUnitsOverTheSequence() => Verify.RemedyWithConfigAsync(Length, "GL3003.lstm_log_uniform",
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly RNN recurrent = {|GL3003:RNN(16, 64, batchFirst: true)|}; // reads the sequence
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _) = recurrent.call(x); // all steps
                return head.call(output[.., -1]);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM recurrent = LSTM(16, 64, batchFirst: true); // reads the sequence
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net")
            {
                RegisterComponents();
                // Forget gates, the second of four, that start as open as it takes to remember 1 to 50 steps.
                using (no_grad())
                {
                    foreach (var (name, parameter) in recurrent.named_parameters())
                    {
                        if (name.Contains("bias_ih"))
                            parameter.chunk(4)[1].uniform_(1, 49).log_();
                    }
                }
            }

            public override Tensor forward(Tensor x)
            {
                var (output, _, _) = recurrent.call(x); // all steps
                return head.call(output[.., -1]);
            }
        }
        """);

    [Fact]
    public Task RnnMadeInTheConstructor_LosesItsNonlinearity() => Verify.BestWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly torch.nn.Module<Tensor, Tensor> head;
            private readonly RNN recurrent;

            public Net(string name = "Net") : base(name)
            {
                recurrent = {|GL3003:nn.RNN(16, 64, 1, NonLinearities.Tanh, batchFirst: true)|};
                head = Linear(64, 2);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                Tensor final;
                (_, final) = this.recurrent.call(x, null);
                return head.call(final[-1]);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly torch.nn.Module<Tensor, Tensor> head;
            private readonly LSTM recurrent;

            public Net(string name = "Net") : base(name)
            {
                recurrent = nn.LSTM(16, 64, 1, batchFirst: true);
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name2, parameter) in recurrent.named_parameters())
                {
                    if (name2.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 2);
                }
                head = Linear(64, 2);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                Tensor final;
                (_, final, _) = this.recurrent.call(x, null);
                return head.call(final[-1]);
            }
        }
        """);

    [Fact]
    public Task Lstm_OnlyGetsItsForgetGatesOpened() => Verify.BestWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM recurrent = {|GL3003:{|GL3004:LSTM(16, 64, batchFirst: true)|}|};
            private readonly Linear head = Linear(64, 2);

            public Net(int recurrent) : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(recurrent.call(x).Item1.select(1, -1));
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM recurrent = LSTM(16, 64, batchFirst: true);
            private readonly Linear head = Linear(64, 2);

            public Net(int recurrent) : base("Net")
            {
                RegisterComponents();
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in this.recurrent.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 2);
                }
            }

            public override Tensor forward(Tensor x) => head.call(recurrent.call(x).Item1.select(1, -1));
        }
        """);

    /// <summary>An LSTM's state is a pair of tensors, and so the code around it would have to change.</summary>
    [Fact]
    public Task RnnWithAnInitialState_HasNoFix() => Verify.NothingWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor, Tensor>
        {
            private readonly RNN recurrent = {|GL3003:RNN(16, 64, batchFirst: true)|};
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x, Tensor start)
            {
                var (output, _) = recurrent.call(x, start);
                return head.call(output[.., -1]);
            }
        }
        """);

    [Fact]
    public Task RnnWhoseResultGoesElsewhere_HasNoFix() => Verify.NothingWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly RNN recurrent = {|GL3003:RNN(16, 64, batchFirst: true)|};
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(Last(recurrent.call(x)));

            private static Tensor Last((Tensor Output, Tensor Hidden) result) => result.Output[.., -1];
        }
        """);

    [Fact]
    public Task RnnHeldByItsBaseType_HasNoFix() => Verify.NothingWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor?, (Tensor, Tensor)> recurrent = {|GL3003:RNN(16, 64, batchFirst: true)|};
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _) = recurrent.call(x, null);
                return head.call(output[.., -1]);
            }
        }
        """);

    [Fact]
    public Task RnnWhoseWeightsAreAskedFor_HasNoFix() => Verify.NothingWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly RNN recurrent = {|GL3003:RNN(16, 64, batchFirst: true)|};
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net")
            {
                RegisterComponents();
                Console.WriteLine(recurrent.get_weight_hh(0));
            }

            public override Tensor forward(Tensor x)
            {
                var (output, _) = recurrent.call(x);
                return head.call(output[.., -1]);
            }
        }
        """);

    [Fact]
    public Task RnnsOfAList_AreReplacedTogether() => Verify.BestWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<RNN> layers;
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net")
            {
                var list = new List<RNN> { RNN(16, 64, batchFirst: true) };
                for (var i = 0; i < 1; i++)
                    list.Add({|GL3003:nn.RNN(64, 64, nonLinearity: NonLinearities.Tanh, batchFirst: true)|}); // the next
                layers = new ModuleList<RNN>(list.ToArray());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (RNN layer in layers)
                {
                    var (output, _) = layer.call(x); // all steps
                    x = output;
                }

                return head.call(x[.., -1]);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<LSTM> layers;
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net")
            {
                var list = new List<LSTM> { OpenForgetGates(LSTM(16, 64, batchFirst: true)) };
                for (var i = 0; i < 1; i++)
                    list.Add(OpenForgetGates(nn.LSTM(64, 64, batchFirst: true))); // the next
                layers = new ModuleList<LSTM>(list.ToArray());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (LSTM layer in layers)
                {
                    var (output, _, _) = layer.call(x); // all steps
                    x = output;
                }

                return head.call(x[.., -1]);
            }

            private static LSTM OpenForgetGates(LSTM lstm)
            {
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in lstm.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 2);
                }

                return lstm;
            }
        }
        """);

    [Fact]
    public Task RnnsByIndexUnderAPrimaryConstructor_AreReplacedTogether() => Verify.BestWithConfigAsync(Length,
        """
        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }

        class Net() : Registered("Net")
        {
            private readonly ModuleList<RNN> layers = new(RNN(16, 64, batchFirst: true), {|GL3003:RNN(64, 64, batchFirst: true)|});
            private readonly Linear head = Linear(64, 2);

            public override Tensor forward(Tensor x)
            {
                for (var i = 0; i < layers.Count; i++)
                {
                    var layer = layers[i];
                    x = layer.call(x).Item1;
                }

                return head.call(x[.., -1]);
            }
        }
        """,
        """
        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }

        class Net() : Registered("Net")
        {
            private readonly ModuleList<LSTM> layers = new(OpenForgetGates(LSTM(16, 64, batchFirst: true)), OpenForgetGates(LSTM(64, 64, batchFirst: true)));
            private readonly Linear head = Linear(64, 2);

            public override Tensor forward(Tensor x)
            {
                for (var i = 0; i < layers.Count; i++)
                {
                    var layer = layers[i];
                    x = layer.call(x).Item1;
                }

                return head.call(x[.., -1]);
            }

            private static LSTM OpenForgetGates(LSTM lstm)
            {
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in lstm.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 2);
                }

                return lstm;
            }
        }
        """);

    [Fact]
    public Task RnnsOfAListWithAnInitialState_HaveNoFix() => Verify.NothingWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<RNN> layers = new(RNN(16, 64, batchFirst: true), {|GL3003:RNN(64, 64, batchFirst: true)|});
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x, zeros(1, x.shape[0], 64)).Item1;
                return head.call(x[.., -1]);
            }
        }
        """);

    [Fact]
    public Task RnnsOfAListThatGoesElsewhere_HaveNoFix() => Verify.NothingWithConfigAsync(Length,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<RNN> layers = new(RNN(16, 64, batchFirst: true), {|GL3003:RNN(64, 64, batchFirst: true)|});
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net")
            {
                RegisterComponents();
                Show(layers);
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).Item1;
                return head.call(x[.., -1]);
            }

            private static void Show(ModuleList<RNN> layers) => Console.WriteLine(layers.Count);
        }
        """);
}
