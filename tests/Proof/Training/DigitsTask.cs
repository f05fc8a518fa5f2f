using GradLint.Core.Rules;
using GradLint.Proof.Cases;
using GradLint.Proof.Measures;
using GradLint.Samples;
using static TorchSharp.torch;

namespace GradLint.Proof.Training;

/// <summary>The UCI digits, by plain SGD: test accuracy.</summary>
internal sealed class DigitsTask(string dataPath) : ITrainingTask
{
    private const int Seed = 1;
    private const int BatchSize = 32;
    private const int Epochs = 30;
    private const double LearningRate = 0.02;
    private const double TestShare = 0.2;

    public string Description => FormattableString.Invariant($"UCI digits, SGD with rate {LearningRate}, {Epochs} epochs: test accuracy");

    public IReadOnlyList<ProofCase> Models { get; } =
    [
        new(RuleIds.VanishingGradient, "12 sigmoid layers of 64 units, default initialization", DepthCases.Stack(12, "Sigmoid()", ""), new GradientRatio()),
        new(RuleIds.VanishingGradient, "24 tanh layers of 64 units, default initialization", DepthCases.Stack(24, "Tanh()", ""), new GradientRatio()),
        new(RuleIds.IdenticalUnits, "2 ReLU layers of 64 units, all parameters 0.01", DepthCases.Stack(2, "ReLU()", "foreach (var parameter in net.parameters()) init.constant_(parameter, 0.01);"), new DistinctUnits()),
    ];

    public string Train(RunningModel running)
    {
        var (train, test) = DigitSet.Load(dataPath, TestShare, Seed);
        using var model = running.Create(Seed);
        using var optimizer = optim.SGD(model.parameters(), LearningRate);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            using var scope = NewDisposeScope();
            foreach (var batch in randperm(train.Count).split(BatchSize))
            {
                optimizer.zero_grad();
                nn.functional.cross_entropy(model.call(train.Pixels.index_select(0, batch)), train.Labels.index_select(0, batch)).backward();
                optimizer.step();
            }
        }

        return FormattableString.Invariant($"{test.AccuracyOf(model) * 100:F1} %");
    }
}
