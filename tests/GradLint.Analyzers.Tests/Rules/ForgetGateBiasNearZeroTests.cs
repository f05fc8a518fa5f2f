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

    [Fact]
    public Task SeveralLayersBothWays_TriggerOnce() => Verify.DiagnosticsAsync(Net("LSTM(16, 64, numLayers: 2, batchFirst: true, bidirectional: true)", triggers: true, width: 128));

    [Fact]
    public Task BiasesSetToZero_Triggers() => Verify.DiagnosticsAsync(Net(
        "LSTM(16, 64, batchFirst: true)", triggers: true, statement: """foreach (var (name, parameter) in recurrent.named_parameters()) if (name.Contains("bias")) init.zeros_(parameter);"""));

    [Fact]
    public Task Cell_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTMCell cell = {|GL3004:LSTMCell(16, 64)|};
            private readonly Linear head = Linear(64, 2);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var (hidden, memory) = cell.call(x);
                return head.call(hidden);
            }
        }
        """);

    [Fact]
    public Task OrthogonalWeightsAlone_Trigger() => Verify.DiagnosticsAsync(Net(
        "LSTM(16, 64, batchFirst: true)", triggers: true, statement: """foreach (var (name, parameter) in recurrent.named_parameters()) if (name.Contains("weight_hh")) init.orthogonal_(parameter);"""));

    [Fact]
    public Task FactoryInAnotherType_Triggers() => Verify.DiagnosticsAsync(
        "static class Recurrent { public static LSTM Of(long inputs) => LSTM(inputs, 64, batchFirst: true); }",
        Net("Recurrent.Of(16)", triggers: false).Replace("class Net", "class {|GL3004:Net|}", StringComparison.Ordinal));

    [Fact]
    public Task BiasesSetToOne_DoesNotTrigger() => Verify.DiagnosticsAsync(Net(
        "LSTM(16, 64, batchFirst: true)", triggers: false, statement: """foreach (var (name, parameter) in recurrent.named_parameters()) if (name.Contains("bias")) init.constant_(parameter, 0.5);"""));

    /// <summary>The usual form: ones in the forget gate's quarter of the bias.</summary>
    [Fact]
    public Task ForgetGatesSetToOne_DoesNotTrigger() => Verify.DiagnosticsAsync(Net(
        "LSTM(16, 64, batchFirst: true)", triggers: false,
        statement: """foreach (var (name, parameter) in recurrent.named_parameters()) if (name.Contains("bias_ih")) init.ones_(parameter[64..128]);"""));

    [Fact]
    public Task WeightsLoadedAfterwards_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("LSTM(16, 64, batchFirst: true)", triggers: false, statement: """load("weights.dat");"""));

    [Fact]
    public Task PlainRNN_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Net("RNN(16, 64, batchFirst: true)", triggers: false).Replace("var (output, _, _)", "var (output, _)", StringComparison.Ordinal).Replace("LSTM recurrent", "RNN recurrent", StringComparison.Ordinal));

    private static string Net(string construction, bool triggers, int width = 64, string statement = "") => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly LSTM recurrent = {{(triggers ? "{|GL3004:" + construction + "|}" : construction)}};
            private readonly Linear head = Linear({{width}}, 2);

            public Net() : base("Net")
            {
                RegisterComponents();
                {{statement}}
            }

            public override Tensor forward(Tensor x)
            {
                var (output, _, _) = recurrent.call(x);
                return head.call(output);
            }
        }
        """;
}
