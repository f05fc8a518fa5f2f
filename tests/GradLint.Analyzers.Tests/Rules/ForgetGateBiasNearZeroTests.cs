using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ForgetGateBiasNearZeroTests
{
    [Fact]
    public Task DefaultLSTM_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM recurrent = {|GL3004:LSTM(16, 64, batchFirst: true)|};
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _, _) = recurrent.call(x);
                return head.call(output);
            }
        }
        """);

    [Fact]
    public Task GRU_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly GRU recurrent = GRU(16, 64, batchFirst: true);
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
    public Task LSTMWithoutBias_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM recurrent = LSTM(16, 64, bias: false, batchFirst: true);
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (output, _, _) = recurrent.call(x);
                return head.call(output);
            }
        }
        """);
}
