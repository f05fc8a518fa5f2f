using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace StandIns.TorchSharp.Tests.Optim;

/// <summary>Learning rate schedulers against their closed forms.</summary>
public class SchedulerTests
{
    private const double Rate = 0.5;

    private static SGD Optimizer(double momentum = 0.9) => optim.SGD([new Parameter(zeros(1))], Rate, momentum);

    private static double RateOf(Optimizer optimizer) => optimizer.ParamGroups.Single().LearningRate;

    private static void AssertFollows(Func<Optimizer, lr_scheduler.LRScheduler> create, Func<int, double> closedForm, int steps = 14)
    {
        var optimizer = Optimizer();
        var scheduler = create(optimizer);
        for (var epoch = 0; epoch < steps; epoch++)
        {
            Assert.Equal(closedForm(epoch), RateOf(optimizer), 12);
            Assert.Equal(RateOf(optimizer), scheduler.get_last_lr().Single(), 12);
            scheduler.step();
        }
    }

    /// <summary>Jumping to an epoch must give what stepping there gives.</summary>
    private static void AssertFollowsAndJumps(Func<Optimizer, lr_scheduler.LRScheduler> create, Func<int, double> closedForm)
    {
        AssertFollows(create, closedForm);
        var optimizer = Optimizer();
        var scheduler = create(optimizer);
        foreach (var epoch in new[] { 9, 2, 5 })
        {
            scheduler.step(epoch);
            Assert.Equal(closedForm(epoch), RateOf(optimizer), 12);
        }
    }

    [Fact]
    public void StepLR() => AssertFollowsAndJumps(o => lr_scheduler.StepLR(o, 3, 0.5), e => Rate * Math.Pow(0.5, e / 3));

    [Fact]
    public void MultiStepLR() => AssertFollowsAndJumps(o => lr_scheduler.MultiStepLR(o, [2, 5], 0.5), e => Rate * (e < 2 ? 1 : e < 5 ? 0.5 : 0.25));

    [Fact]
    public void ExponentialLR() => AssertFollowsAndJumps(o => lr_scheduler.ExponentialLR(o, 0.9), e => Rate * Math.Pow(0.9, e));

    [Fact]
    public void ConstantLR() => AssertFollowsAndJumps(o => lr_scheduler.ConstantLR(o, 0.1, 4), e => e < 4 ? Rate * 0.1 : Rate);

    [Fact]
    public void LinearLR() => AssertFollowsAndJumps(o => lr_scheduler.LinearLR(o, 0.2, 0.8, 6), e => Rate * (0.2 + 0.6 * Math.Min(e, 6) / 6));

    [Fact]
    public void PolynomialLR() => AssertFollows(o => lr_scheduler.PolynomialLR(o, 6, 2), e => Rate * Math.Pow(1 - Math.Min(e, 6) / 6.0, 2));

    [Fact]
    public void CosineAnnealingLR_FallsAndRises() =>
        AssertFollows(o => lr_scheduler.CosineAnnealingLR(o, 5, 0.1), e => 0.1 + (Rate - 0.1) * (1 + Math.Cos(Math.PI * e / 5)) / 2);

    [Fact]
    public void LambdaLR() => AssertFollows(o => lr_scheduler.LambdaLR(o, e => 1.0 / (1 + e)), e => Rate / (1 + e));

    [Fact]
    public void MultiplicativeLR() => AssertFollows(o => lr_scheduler.MultiplicativeLR(o, e => e % 2 == 0 ? 0.5 : 1), e => Rate * Math.Pow(0.5, e / 2));

    [Fact]
    public void SequentialLR_StartsTheNextFromItsFirstEpoch() =>
        AssertFollows(o => lr_scheduler.SequentialLR(o, [lr_scheduler.ConstantLR(o, 0.1, 20), lr_scheduler.ExponentialLR(o, 0.9)], [4]),
            e => e < 4 ? Rate * 0.1 : Rate * Math.Pow(0.9, e - 4));

    [Fact]
    public void SequentialLR_ChecksItsParts()
    {
        var (mine, other) = (Optimizer(), Optimizer());
        Assert.Throws<ArgumentException>(() => lr_scheduler.SequentialLR(mine, [lr_scheduler.ExponentialLR(other), lr_scheduler.ExponentialLR(mine)], [1]));
        Assert.Throws<ArgumentException>(() => lr_scheduler.SequentialLR(mine, [lr_scheduler.ExponentialLR(mine)], [1]));
    }

    [Fact]
    public void ChainedLR_MultipliesItsParts()
    {
        var optimizer = Optimizer();
        var chained = lr_scheduler.ChainedLR([lr_scheduler.ExponentialLR(optimizer, 0.9), lr_scheduler.StepLR(optimizer, 2, 0.5)]);
        for (var i = 0; i < 5; i++) chained.step();
        Assert.Equal(Rate * Math.Pow(0.9, 5) * 0.25, RateOf(optimizer), 12);
    }

    private static double Cosine(double from, double to, double share) => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));

    [Fact]
    public void OneCycleLR_RisesThenFalls_AndMomentumGoesTheOtherWay()
    {
        const int Total = 11;
        var top = 0.4 * Total - 1;
        var optimizer = Optimizer();
        var scheduler = lr_scheduler.OneCycleLR(optimizer, 2.0, total_steps: Total, pct_start: 0.4);
        for (var t = 0; t < Total; t++)
        {
            var (rising, share) = (t <= top, t <= top ? t / top : (t - top) / (Total - 1 - top));
            Assert.Equal(rising ? Cosine(2.0 / 25, 2, share) : Cosine(2, 2.0 / 25 / 1e4, share), RateOf(optimizer), 12);
            var momentum = ((SGD.ParamGroup)optimizer.ParamGroups.Single()).Momentum;
            Assert.Equal(rising ? Cosine(0.95, 0.85, share) : Cosine(0.85, 0.95, share), momentum, 12);
            scheduler.step();
        }
        Assert.Throws<InvalidOperationException>(() => scheduler.step());
    }

    [Fact]
    public void OneCycleLR_MovesTheFirstBetaOfAdam_AndRefusesOptimizersWithoutMomentum()
    {
        var adam = optim.Adam([new Parameter(zeros(1))]);
        lr_scheduler.OneCycleLR(adam, 1.0, epochs: 2, steps_per_epoch: 5, three_phase: true);
        Assert.Equal((0.95, 0.999), ((Adam.ParamGroup)adam.ParamGroups.Single()).Betas);
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(optim.Adagrad([new Parameter(zeros(1))]), 1.0, total_steps: 5));
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(Optimizer(), 1.0));
    }

    [Fact]
    public void CyclicLR_IsATriangle_AndItsMomentumRisesAboveTheMaximum()
    {
        static double Height(int e) => e % 7 <= 3 ? e % 7 / 3.0 : (7 - e % 7) / 4.0;
        AssertFollows(o => lr_scheduler.CyclicLR(o, 0.1, 1.0, 3, 4), e => 0.1 + 0.9 * Height(e));
        AssertFollows(o => lr_scheduler.CyclicLR(o, 0.1, 1.0, 3, 4, lr_scheduler.impl.CyclicLR.Mode.Triangular2), e => 0.1 + 0.9 * Height(e) / Math.Pow(2, e / 7));
        AssertFollows(o => lr_scheduler.CyclicLR(o, 0.1, 1.0, 3, 4, scale_fn: i => Math.Pow(0.9, i), scale_mode: lr_scheduler.impl.CyclicLR.ScaleMode.Iterations),
            e => 0.1 + 0.9 * Height(e) * Math.Pow(0.9, e));

        var optimizer = Optimizer();
        var scheduler = lr_scheduler.CyclicLR(optimizer, 0.1, 1.0, 3, 4);
        for (var i = 0; i < 3; i++) scheduler.step();
        Assert.Equal(0.9 + (0.9 - 0.8), ((SGD.ParamGroup)optimizer.ParamGroups.Single()).Momentum, 12);
    }

    [Fact]
    public void ReduceLROnPlateau_WaitsCoolsDownAndStopsAtTheLeast()
    {
        var optimizer = Optimizer();
        var scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor: 0.5, patience: 1, cooldown: 1, min_lr: [0.2]);
        double[] metrics = [5, 4, 4, 4, 4, 4, 4, 3, 3, 3];
        double[] expected = [0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2];
        for (var i = 0; i < metrics.Length; i++)
        {
            scheduler.step(metrics[i]);
            Assert.Equal(expected[i], RateOf(optimizer), 12);
        }
        Assert.Throws<InvalidOperationException>(() => scheduler.step());
    }

    [Fact]
    public void ReduceLROnPlateau_CanWatchAMaximum()
    {
        var optimizer = Optimizer();
        var scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, "max", 0.1, patience: 0, threshold: 0.5, threshold_mode: "abs");
        foreach (var metric in new[] { 1, 1.6, 2.0 }) scheduler.step(metric);
        Assert.Equal(Rate * 0.1, RateOf(optimizer), 12);
        Assert.Throws<ArgumentException>(() => lr_scheduler.ReduceLROnPlateau(optimizer, "least"));
    }

    [Fact]
    public void Groups_KeepTheirOwnRates()
    {
        var optimizer = optim.SGD([new SGD.ParamGroup([new Parameter(zeros(1))], lr: 0.1), new SGD.ParamGroup([new Parameter(zeros(1))], lr: 0.4)], 1);
        var scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5);
        scheduler.step();
        Assert.Equal([0.05, 0.2], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.1, 0.4], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
    }
}
