using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ShortMemoryHorizonTests
{
    [Fact]
    public Task LastStepOfAPlainRNN_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly RNN recurrent = {|GL3003:RNN(16, 64, batchFirst: true)|};
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _) = recurrent.call(x);
                return head.call(output[.., -1]);
            }
        }
        """);

    [Fact]
    public Task AllSteps_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly RNN recurrent = RNN(16, 64, batchFirst: true);
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _) = recurrent.call(x);
                return head.call(output);
            }
        }
        """);

    [Fact]
    public Task MeanOverSteps_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly GRU recurrent = GRU(16, 64, batchFirst: true);
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _) = recurrent.call(x);
                return head.call(output.mean(new long[] { 1 }));
            }
        }
        """);

    [Fact]
    public Task SequenceWithinTheHorizon_DoesNotTrigger() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 5",
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly RNN recurrent = RNN(16, 64, batchFirst: true);
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _) = recurrent.call(x);
                return head.call(output[.., -1]);
            }
        }
        """);
}
