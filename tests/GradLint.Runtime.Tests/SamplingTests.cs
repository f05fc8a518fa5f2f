using GradLint.Runtime.Monitoring;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>Which steps are sampled.</summary>
public sealed class SamplingTests
{
    [Fact]
    public void Schedule_SamplesPowersOfTwoThenTheInterval()
    {
        var schedule = new SamplingSchedule(new() { Interval = 10 });
        var sampled = Enumerable.Range(0, 41).Where(step => schedule.IsSampled(step));
        Assert.Equal([0, 1, 2, 4, 8, 10, 20, 30, 40], sampled);
    }

    [Fact]
    public void Schedule_StretchesToItsBudget()
    {
        var schedule = new SamplingSchedule(new() { Interval = 100, TargetOverhead = 0.02, Warmup = false });

        // A sample that costs 10 steps may come every 500 steps at 2 %.
        schedule.Took(TimeSpan.FromMilliseconds(1), TimeSpan.Zero, sampled: false);
        schedule.Took(TimeSpan.FromMilliseconds(11), TimeSpan.FromMilliseconds(8), sampled: true);

        Assert.Equal(500, schedule.Interval);
    }

    [Fact]
    public void Schedule_WithoutAnInterval_TakesAHundredAndStaysWithinTwoPercent()
    {
        var schedule = new SamplingSchedule(new());
        for (var i = 0; i < 40; i++)
            schedule.Took(TimeSpan.FromMilliseconds(i == 7 ? 900 : 1), TimeSpan.Zero, sampled: false);

        // An evaluation fell into step 7, and the first sample was compiled: neither counts.
        Assert.Equal(100, schedule.Interval);
        schedule.Took(TimeSpan.FromMilliseconds(201), TimeSpan.FromMilliseconds(150), sampled: true);
        schedule.Took(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(3), sampled: true);

        Assert.Equal(200, schedule.Interval);
    }

    [Fact]
    public void Schedule_WithAnInterval_KeepsToIt()
    {
        var schedule = new SamplingSchedule(new() { Interval = 100 });
        schedule.Took(TimeSpan.FromMilliseconds(1), TimeSpan.Zero, sampled: false);
        schedule.Took(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), sampled: true);

        Assert.Equal(100, schedule.Interval);
    }

    [Fact]
    public void Schedule_OfEveryStep_MeasuresItselfByItsOwnTime()
    {
        var schedule = new SamplingSchedule(new() { Interval = 1, TargetOverhead = 0.1 });
        schedule.Took(TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(2), sampled: true);

        Assert.Equal(20, schedule.Interval);
    }

    [Fact]
    public void Schedule_ByTime_TakesNoSampleBefore()
    {
        var schedule = new SamplingSchedule(new() { IntervalTime = TimeSpan.FromHours(1), Warmup = false });
        Assert.Equal([0], Enumerable.Range(0, 1000).Where(step => schedule.IsSampled(step)));
    }

    /// <remarks>By the clock: the bounds are wide, because other processes run beside this one.</remarks>
    [Fact]
    public void TargetOverhead_KeepsARunNearItsBudget()
    {
        const double Target = 0.05;
        var (everyStep, unlimited) = Run(new() { Console = false, Interval = 1, Warmup = false });
        var (stretched, limited) = Run(new() { Console = false, Interval = 1, Warmup = false, TargetOverhead = Target });

        Assert.Equal(Steps, everyStep);
        Assert.InRange(stretched, 3, Steps / 4);
        Assert.True(unlimited > 2 * Target, $"without a target the monitor takes {unlimited:P1}");
        Assert.True(limited < 2.5 * Target, $"with a target of {Target:P0} the monitor takes {limited:P1}");
    }

    private const int Steps = 1500;

    private static (int Samples, double Overhead) Run(GradientMonitorOptions options)
    {
        using var model = Models.Stack(6, 64, () => ReLU());
        using var optimizer = optim.SGD(model.parameters(), 1e-3);
        using var x = randn(32, 64);
        var samples = 0;
        using var monitor = GradientMonitor.Attach(model, optimizer, options);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = model.call(x).square().mean();
            loss.backward();
            samples += monitor.IsSampled ? 1 : 0;
            monitor.AfterBackward(loss);
            optimizer.step();
            monitor.AfterStep();
        }

        return (samples, monitor.Report().Overhead);
    }
}
