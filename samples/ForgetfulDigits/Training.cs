using GradLint.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Samples;

/// <summary>Trains the reader with a monitor attached, which shows how far back its gradient reaches.</summary>
internal static class Training
{
    private const int Seed = 1;
    private const int BatchSize = 32;
    private const double LearningRate = 5e-3;
    private const double TestShare = 0.2;

    public static void Run(TrainingOptions options)
    {
        random.manual_seed(Seed);
        var (train, test) = DigitSet.Load(options.DataPath, TestShare, Seed);
        Console.WriteLine($"{train.Count} images to train on, {test.Count} to test with, 64 time steps each");

        using var model = new PixelReader();
        using var optimizer = optim.Adam(model.parameters(), LearningRate);
        using var monitor = GradientMonitor.Attach(model, optimizer, new() { HtmlPath = options.ReportPath });
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var loss = TrainEpoch(model, optimizer, monitor, train);
            if (epoch == 1 || epoch % 5 == 0 || epoch == options.Epochs)
                Console.WriteLine($"epoch {epoch,3}: loss {loss:F4}, test accuracy {test.AccuracyOf(model) * 100:F1} %");
        }
    }

    /// <returns>The mean loss of the epoch's batches.</returns>
    private static double TrainEpoch(PixelReader model, optim.Optimizer optimizer, GradientMonitor monitor, DigitSet data)
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
            monitor.AfterBackward(loss);
            optimizer.step();
            monitor.AfterStep();
            total += loss.item<float>();
        }
        return total / batches.Length;
    }
}
