using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.OpenForgetGates>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class OpenForgetGatesTests
{
    [Fact]
    public Task LstmInAField_IsOpenedInTheConstructor() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = {|GL3004:LSTM(16, 64, numLayers: 2, batchFirst: true, bidirectional: true)|};
            private readonly Linear head = Linear(128, 2);

            public Net(string name) : base(name)
            {
                // both of them
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(lstm.call(x).Item1.mean([1]));
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = LSTM(16, 64, numLayers: 2, batchFirst: true, bidirectional: true);
            private readonly Linear head = Linear(128, 2);

            public Net(string name) : base(name)
            {
                // both of them
                RegisterComponents();
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name2, parameter) in lstm.named_parameters())
                {
                    if (name2.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 1);
                }
            }

            public override Tensor forward(Tensor x) => head.call(lstm.call(x).Item1.mean([1]));
        }
        """);

    [Fact]
    public Task SeveralLayers_AreOpenedOneByOne() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM first, second;

            public Net() : base("Net")
            {
                first = {|GL3004:LSTM(16, 64)|}; // reads the input
                // the second reads the first
                second = {|GL3004:LSTM(64, 64)|};
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var (inner, _, _) = first.call(x);
                return second.call(inner).Item1;
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM first, second;

            public Net() : base("Net")
            {
                first = LSTM(16, 64); // reads the input

                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in first.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 1);
                }
                // the second reads the first
                second = LSTM(64, 64);
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in second.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 1);
                }
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var (inner, _, _) = first.call(x);
                return second.call(inner).Item1;
            }
        }
        """);

    [Fact]
    public Task LstmCell_IsOpenedToo() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTMCell cell = {|GL3004:LSTMCell(16, 64)|}; // one step

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => cell.call(x).Item1;
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTMCell cell = LSTMCell(16, 64); // one step

            public Net() : base("Net")
            {
                RegisterComponents();
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in cell.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 1);
                }
            }

            public override Tensor forward(Tensor x) => cell.call(x).Item1;
        }
        """);

    [Fact]
    public Task LstmsInAList_GoThroughAMethod() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<LSTM> layers = new([{|GL3004:LSTM(16, 16)|}, {|GL3004:LSTM(16, 16)|}]); // two

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => layers[1].call(layers[0].call(x).Item1).Item1;
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<LSTM> layers = new([OpenForgetGates(LSTM(16, 16)), OpenForgetGates(LSTM(16, 16))]); // two

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => layers[1].call(layers[0].call(x).Item1).Item1;

            private static LSTM OpenForgetGates(LSTM lstm)
            {
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in lstm.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 1);
                }

                return lstm;
            }
        }
        """);

    [Fact]
    public Task LstmUnderAPrimaryConstructor_GoesThroughAMethod() => Verify.BestAsync(
        """
        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }

        class Net(int width) : Registered("Net")
        {
            private readonly LSTM lstm = {|GL3004:LSTM(16, 16)|};

            public int Width => width;

            public override Tensor forward(Tensor x) => lstm.call(x).Item1;
        }
        """,
        """
        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered(string name) : base(name) => RegisterComponents();
        }

        class Net(int width) : Registered("Net")
        {
            private readonly LSTM lstm = OpenForgetGates(LSTM(16, 16));

            public int Width => width;

            public override Tensor forward(Tensor x) => lstm.call(x).Item1;

            private static LSTM OpenForgetGates(LSTM lstm)
            {
                // Forget gates, the second of four, that start open carry the gradient far back in time.
                foreach (var (name, parameter) in lstm.named_parameters())
                {
                    if (name.Contains("bias_ih"))
                        init.constant_(parameter.chunk(4)[1], 1);
                }

                return lstm;
            }
        }
        """);
}
