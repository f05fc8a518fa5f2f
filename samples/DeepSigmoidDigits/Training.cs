using GradLint.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Samples;

/// <summary>Trains the classifier with plain SGD and says how well it does.</summary>
internal static class Training
{
    private const int Seed = 1;
    private const int BatchSize = 32;
    private const double LearningRate = 0.02;
    private const double TestShare = 0.2;

    public static void Run(TrainingOptions options)
    {
        random.manual_seed(Seed);
        var (train, test) = DigitSet.Load(options.DataPath, TestShare, Seed);
        Console.WriteLine($"{train.Count} images to train on, {test.Count} to test with");

        using var model = new DigitClassifier();
        var gradients = MeasureGradients(model, train);
        Console.WriteLine(gradients);

        using var optimizer = optim.SGD(model.parameters(), LearningRate);
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var loss = TrainEpoch(model, optimizer, train);
            if (epoch == 1 || epoch % 5 == 0 || epoch == options.Epochs)
                Console.WriteLine($"epoch {epoch,3}: loss {loss:F4}, test accuracy {test.AccuracyOf(model) * 100:F1} %");
        }

        if (options.ReportPath is not null)
            TrainingReport.Write(options.ReportPath, test.AccuracyOf(model), gradients);
    }

    /// <summary>On the first batch, before training.</summary>
    private static GradientMeasurement MeasureGradients(DigitClassifier model, DigitSet data)
    {
        using var scope = NewDisposeScope();
        var labels = data.Labels.slice(0, 0, BatchSize, 1);
        return GradientProbe.Measure(model, data.Pixels.slice(0, 0, BatchSize, 1), logits => functional.cross_entropy(logits, labels));
    }

    /// <returns>The mean loss of the epoch's batches.</returns>
    private static double TrainEpoch(DigitClassifier model, optim.Optimizer optimizer, DigitSet data)
    {
        using var scope = NewDisposeScope();
        model.train();
        var batches = randperm(data.Count).split(BatchSize);
        var total = 0.0;
        foreach (var batch in batches)
        {
            optimizer.zero_grad();
            var logits = model.call(data.Pixels.index_select(0, batch));
            var loss = functional.cross_entropy(logits, data.Labels.index_select(0, batch));
            loss.backward();
            optimizer.step();
            total += loss.item<float>();
        }
        return total / batches.Length;
    }
}
