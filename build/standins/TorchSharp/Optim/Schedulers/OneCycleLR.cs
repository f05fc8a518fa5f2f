using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>One rise to the highest rate and one long fall far below the first (Smith and Topin 2018), the momentum the other way round.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly int totalSteps;
                    private readonly bool cyclesMomentum;
                    private readonly AnnealStrategy strategy;
                    private readonly double divisor;
                    private readonly double finalDivisor;
                    private readonly List<double> highest;
                    private readonly List<double> baseMomentum;
                    private readonly List<double> maxMomentum;
                    private readonly (double end, Level from, Level to)[] phases;

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                        double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Repeat(optimizer, max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                            Repeat(optimizer, base_momentum), Repeat(optimizer, max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1,
                        double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true,
                        IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 1e4,
                        bool three_phase = false, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (cycle_momentum && optimizer is not (IMomentum or IBetas))
                            throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");
                        if (pct_start is < 0 or > 1) throw new ArgumentException($"Expected float between 0 and 1 for pct_start, but got {pct_start}");
                        if (total_steps == -1 && epochs == -1 && steps_per_epoch == -1)
                            throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
                        totalSteps = total_steps != -1 ? total_steps : epochs * steps_per_epoch;
                        if (totalSteps <= 0) throw new ArgumentException($"Expected a positive number of steps, but got {totalSteps}");

                        (cyclesMomentum, strategy, divisor, finalDivisor) = (cycle_momentum, anneal_strategy, div_factor, final_div_factor);
                        highest = max_lr.ToList();
                        baseMomentum = (base_momentum ?? Repeat(optimizer, 0.85)).ToList();
                        maxMomentum = (max_momentum ?? Repeat(optimizer, 0.95)).ToList();
                        var top = pct_start * totalSteps - 1;
                        phases = three_phase
                            ? [(top, Level.First, Level.Highest), (2 * top, Level.Highest, Level.First), (totalSteps - 1, Level.First, Level.Last)]
                            : [(top, Level.First, Level.Highest), (totalSteps - 1, Level.Highest, Level.Last)];
                        step();
                    }

                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    private enum Level
                    {
                        First,
                        Highest,
                        Last,
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > totalSteps)
                            throw new InvalidOperationException($"Tried to step {_last_epoch + 1} times. The specified number of total steps is {totalSteps}");
                        var start = 0.0;
                        foreach (var (end, from, to) in phases)
                        {
                            if (_last_epoch <= end) return Rates(from, to, (_last_epoch - start) / (end - start));
                            start = end;
                        }
                        // One step past the last, TorchSharp sets everything to 0.
                        return _optimizer.ParamGroups.ToList().Select((group, _) => SetMomentum(group, 0, 0));
                    }

                    private IEnumerable<double> Rates(Level from, Level to, double share) => _optimizer.ParamGroups.ToList().Select((group, i) =>
                        SetMomentum(group, Anneal(Rate(from, i), Rate(to, i), share), Anneal(Momentum(from, i), Momentum(to, i), share)));

                    private double SetMomentum(ILearningRateController group, double rate, double momentum)
                    {
                        if (!cyclesMomentum) return rate;
                        if (group is IBetas adaptive) adaptive.Betas = (momentum, adaptive.Betas.Item2);
                        else ((IMomentum)group).Momentum = momentum;
                        return rate;
                    }

                    private double Rate(Level level, int group) => level switch
                    {
                        Level.Highest => highest[group],
                        Level.First => highest[group] / divisor,
                        _ => highest[group] / divisor / finalDivisor,
                    };

                    private double Momentum(Level level, int group) => level == Level.Highest ? baseMomentum[group] : maxMomentum[group];

                    private double Anneal(double from, double to, double share) => strategy == AnnealStrategy.Cos
                        ? to + (from - to) / 2 * (Math.Cos(Math.PI * share) + 1)
                        : from + (to - from) * share;

                    private static IEnumerable<double> Repeat(Optimizer optimizer, double value) => Enumerable.Repeat(value, optimizer.ParamGroups.Count());
                }
            }
        }
    }
}
