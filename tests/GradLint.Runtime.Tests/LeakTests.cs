using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>A long run keeps nothing.</summary>
public sealed class LeakTests(ITestOutputHelper output)
{
    private const int Steps = 100_000;
    private const int Parts = 5;

    /// <remarks>The model is tiny: what would leak is a handle or a record a step, which is the same in a large one.</remarks>
    [Fact]
    [Trait("Speed", "slow")]
    public void TensorsAndMemory_StayFlatOver100000Steps()
    {
        using var model = Sequential(("fc", Linear(4, 4)), ("act", ReLU()), ("head", Linear(4, 2)));
        using var optimizer = optim.SGD(model.parameters(), 1e-4);
        using var x = randn(4, 4);
        using var monitor = GradientMonitor.Attach(model, optimizer, new() { Console = false, Interval = 20, Histograms = true, PostMortemPath = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.txt") });
        var marks = new List<(long Tensors, long Managed, long Process)>();
        for (var part = 0; part < Parts; part++)
        {
            for (var i = 0; i < Steps / Parts; i++)
                Step();
            marks.Add(Mark());
        }

        output.WriteLine(string.Join(" ", marks));
        Assert.Equal(Steps, monitor.Step);
        Assert.Empty(monitor.Report().Failures);
        Assert.All(marks, mark => Assert.Equal(marks[0].Tensors, mark.Tensors));
        // The first part fills the history of samples, compiles the code and warms the allocators up. A record kept every
        // hundredth step would be 800 of them; what the collector holds in reserve makes the process's size swing by some MB.
        Assert.InRange(marks[^1].Managed - marks[0].Managed, long.MinValue, 200_000);
        Assert.InRange(marks[^1].Process - marks[0].Process, long.MinValue, 16_000_000);

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = model.call(x).square().mean();
            loss.backward();
            monitor.AfterBackward(loss);
            monitor.ClipGradNorm(1);
            optimizer.step();
            monitor.AfterStep();
        }
    }

    private static (long Tensors, long Managed, long Process) Mark()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (Tensor.TotalCount, managed, process.WorkingSet64);
    }
}
