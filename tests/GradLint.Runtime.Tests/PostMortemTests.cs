using GradLint.Runtime.Tests.Programs;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>What is left behind when a run ends in NaN.</summary>
public sealed class PostMortemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void FramesUpToTheNaN_AreWrittenWithModuleAndLine()
    {
        using var scope = NewDisposeScope();
        var breaks = false;
        var model = Sequential(("fc", Linear(64, 8)), ("log", new Operation(x => breaks ? (x - 1e6).log() : x * 1)), ("head", Linear(8, 10)));
        var options = Options with { Sources = new Dictionary<string, string> { ["log"] = "Model.cs:7" } };
        var batch = Data.DigitBatches();
        var steps = 0;

        new Training { Options = options, Steps = 41 }.Sgd(model, 0.01, () =>
        {
            breaks = ++steps > 40;
            return batch();
        }, Data.CrossEntropy);

        var text = File.ReadAllText(_folder.File("post-mortem.txt"));
        Assert.Contains("NaN or infinity at step 40", text);
        Assert.Contains("Model.cs:7: the output of 'log' (Operation) is the first one that is not finite (forward pass)", text);
        // A ring of eight: step 0 is forgotten.
        Assert.Equal(["step 1", "step 2", "step 4", "step 8", "step 10", "step 20", "step 30", "step 40"], text.Split('\n').Where(line => line.StartsWith("step ", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(',')]));
        var frame = text[text.IndexOf("step 40,", StringComparison.Ordinal)..].Split('\n');
        // Its output is finite; its gradient, which has come back through the logarithm, is not.
        Assert.Matches(@"^\s*fc +-?\d.* NaN  Linear  <- not finite$", frame.First(line => line.TrimStart().StartsWith("fc ", StringComparison.Ordinal)));
        Assert.EndsWith("Operation Model.cs:7  <- not finite", frame.First(line => line.TrimStart().StartsWith("log ", StringComparison.Ordinal)));
        Assert.DoesNotContain("not finite", text[text.IndexOf("step 2,", StringComparison.Ordinal)..text.IndexOf("step 40,", StringComparison.Ordinal)]);
    }

    [Fact]
    public void LossesBetweenTheSamples_SayWhichStepBrokeFirst()
    {
        using var scope = NewDisposeScope();
        var model = Linear(2, 1);
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        using (var monitor = GradientMonitor.Attach(model, optimizer, Options with { Interval = 200, Warmup = false }))
        {
            for (var step = 0; step <= 200; step++)
            {
                using var inner = NewDisposeScope();
                var loss = model.call(ones(1, 2)).square().mean() * 0 + (step < 123 ? step : double.NaN);
                optimizer.zero_grad();
                loss.backward();
                monitor.AfterBackward(loss);
                monitor.AfterStep();
            }
        }

        var text = File.ReadAllText(_folder.File("post-mortem.txt"));
        Assert.Contains("NaN or infinity at step 200", text);
        Assert.Contains("Losses of the steps 73 to 200; the first that is not finite is that of step 123.", text);
        Assert.Matches(@"from +121: +121\.0 +122\.0 +NaN", text);
    }

    [Fact]
    public void HealthyRun_LeavesNone()
    {
        using var scope = NewDisposeScope();
        new Training { Options = Options, Steps = 20 }.Sgd(Models.Stack(1, 8, Tanh), 0.01, Data.DigitBatches(), Data.CrossEntropy);

        Assert.False(File.Exists(_folder.File("post-mortem.txt")));
    }

    private GradientMonitorOptions Options => new() { Console = false, Interval = 10, PostMortemPath = _folder.File("post-mortem.txt") };

    public void Dispose() => _folder.Dispose();

    private sealed class Operation(Func<Tensor, Tensor> operation) : Module<Tensor, Tensor>(nameof(Operation))
    {
        public override Tensor forward(Tensor x) => operation(x);
    }
}
