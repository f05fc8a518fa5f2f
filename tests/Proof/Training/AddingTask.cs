using GradLint.Core.Rules;
using GradLint.Proof.Measures;
using static TorchSharp.torch;

namespace GradLint.Proof.Training;

/// <summary>
/// The adding problem (Hochreiter and Schmidhuber 1997): of a sequence of numbers in [0, 1] two are marked, one in each half,
/// and the last step is to give their sum. Always answering 1 has a mean squared error of 1/6.
/// </summary>
internal sealed class AddingTask(int length, int steps) : ITrainingTask
{
    private const int Seed = 1;
    private const int BatchSize = 50;
    private const int TestSize = 1000;
    private const double LearningRate = 5e-3;
    private const double ClipNorm = 1;

    public string Description => FormattableString.Invariant($"Adding problem over {length} steps, Adam with rate {LearningRate}, {steps} batches of {BatchSize}: test error (always 1: 0.167)");

    public IReadOnlyList<ProofCase> Models { get; } =
    [
        Case("RNN of 32 units", "RNN", "var (output, _)", length),
        Case("LSTM of 32 units", "LSTM", "var (output, _, _)", length),
    ];

    public string Train(RunningModel running)
    {
        using var model = running.Create(Seed);
        using var optimizer = optim.Adam(model.parameters(), LearningRate);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var (inputs, sums) = Draw(BatchSize);
            optimizer.zero_grad();
            nn.functional.mse_loss(model.call(inputs), sums).backward();
            nn.utils.clip_grad_norm_(model.parameters(), ClipNorm);
            optimizer.step();
        }

        using var off = no_grad();
        model.eval();
        random.manual_seed(Seed + 1);
        var (unseen, expected) = Draw(TestSize);
        return FormattableString.Invariant($"{nn.functional.mse_loss(model.call(unseen), expected).item<float>():G2}");
    }

    /// <returns>[count, length, 2] numbers and marks, [count, 1] sums.</returns>
    private (Tensor Inputs, Tensor Sums) Draw(int count)
    {
        var numbers = rand(count, length);
        var marks = zeros(count, length);
        var half = length / 2;
        marks.scatter_(1, randint(half, [count, 1], dtype: ScalarType.Int64), ones(count, 1));
        marks.scatter_(1, randint(half, [count, 1], dtype: ScalarType.Int64) + half, ones(count, 1));
        return (stack([numbers, marks], 2), (numbers * marks).sum(1, keepdim: true));
    }

    private static ProofCase Case(string form, string layer, string result, int length) => new(RuleIds.ShortMemoryHorizon, form, $$"""
        public sealed class Net : Module<Tensor, Tensor>
        {
            private readonly {{layer}} recurrent = {{layer}}(2, 32, batchFirst: true);
            private readonly Linear head = Linear(32, 1);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                {{result}} = recurrent.call(x);
                return head.call(output[.., -1]);
            }
        }
        """, new MemoryHorizon(length)) { Configuration = FormattableString.Invariant($"gradlint.sequence_length = {length}") };
}
