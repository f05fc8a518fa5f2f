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

    [Theory]
    [InlineData(100), InlineData(30)]
    public Task LSTMOverALongSequence_Triggers(int length) => Verify.DiagnosticsWithConfigAsync(
        $"gradlint.sequence_length = {length}", Net("LSTM", "LSTM(16, 64, batchFirst: true)", "output.select(1, -1)", triggers: true, alsoForgetGates: true));

    [Fact]
    public Task GRUOverALongSequence_Triggers() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 60", Net("GRU", "GRU(16, 64, batchFirst: true)", "output[.., -1]", triggers: true));

    [Fact]
    public Task FinalState_Triggers() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 60", Net("RNN", "RNN(16, 64, batchFirst: true)", "final.squeeze(0)", triggers: true).Replace("(output, _)", "(_, final)", StringComparison.Ordinal));

    [Fact]
    public Task TimeFirst_Triggers() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 60", Net("RNN", "RNN(16, 64)", "output[-1]", triggers: true));

    /// <summary>Orthogonal recurrent weights with ReLU carry the gradient through: the horizon is longer than the sequence.</summary>
    [Fact]
    public Task OrthogonalReLU_DoesNotTrigger() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 15",
        Net("RNN", "RNN(16, 64, nonLinearity: NonLinearities.ReLU, batchFirst: true)", "output[.., -1]", triggers: false,
            statement: """foreach (var (name, parameter) in recurrent.named_parameters()) if (name.Contains("weight_hh")) init.eye_(parameter);"""));

    /// <summary>What is remembered is not judged where every step is read.</summary>
    [Fact]
    public Task EveryStepRead_DoesNotTrigger() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 100", Net("GRU", "GRU(16, 64, batchFirst: true)", "output", triggers: false));

    [Fact]
    public Task MaximumOverSteps_DoesNotTrigger() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 100", Net("GRU", "GRU(16, 64, batchFirst: true)", "output.max(1).values", triggers: false));

    [Fact]
    public Task ShortSequence_DoesNotTrigger() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.sequence_length = 8", Net("GRU", "GRU(16, 64, batchFirst: true)", "output[.., -1]", triggers: false));

    private static string Net(string type, string construction, string read, bool triggers, bool alsoForgetGates = false, string statement = "")
    {
        var marked = triggers ? "{|GL3003:" + construction + "|}" : construction;
        return $$"""
            class Net : Module<Tensor, Tensor>
            {
                private readonly {{type}} recurrent = {{(alsoForgetGates ? "{|GL3004:" + marked + "|}" : marked)}};
                private readonly Linear head = Linear(64, 2);

                public Net() : base("Net")
                {
                    RegisterComponents();
                    {{statement}}
                }

                public override Tensor forward(Tensor x)
                {
                    var ({{(type == "LSTM" ? "output, _, _" : "output, _")}}) = recurrent.call(x);
                    return head.call({{read}});
                }
            }
            """;
    }
}
