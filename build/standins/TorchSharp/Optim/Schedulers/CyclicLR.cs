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
                /// <summary>Up and down between two rates (Smith 2015), the momentum the other way round.</summary>
                public class CyclicLR : LRScheduler
                {
                    private readonly double cycleSize;
                    private readonly double upShare;
                    private readonly Func<double, double> scale;
                    private readonly ScaleMode scaleMode;
                    private readonly bool cyclesMomentum;
                    private readonly List<double> highest;
                    private readonly List<double> baseMomentum;
                    private readonly List<double> maxMomentum;

                    public CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1,
                        Mode mode = Mode.Triangular,
                        double gamma = 1.0, Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true,
                        double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Repeat(optimizer, base_lr), Repeat(optimizer, max_lr), step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode,
                            cycle_momentum, Repeat(optimizer, base_momentum), Repeat(optimizer, max_momentum), last_epoch, verbose)
                    {
                    }

                    public CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1,
                        Mode mode = Mode.Triangular, double gamma = 1.0, Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle,
                        bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (cycle_momentum && optimizer is not IMomentum)
                            throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");

                        cycleSize = step_size_up + (step_size_down == -1 ? step_size_up : step_size_down);
                        upShare = step_size_up / cycleSize;
                        (_base_lrs, highest, cyclesMomentum) = (base_lr.ToList(), max_lr.ToList(), cycle_momentum);
                        baseMomentum = (base_momentum ?? Repeat(optimizer, 0.8)).ToList();
                        maxMomentum = (max_momentum ?? Repeat(optimizer, 0.9)).ToList();
                        scaleMode = scale_fn is null ? ScaleMode.Cycle : scale_mode;
                        scale = scale_fn ?? (mode switch
                        {
                            Mode.Triangular2 => cycle => 1 / Math.Pow(2, cycle - 1),
                            Mode.ExpRange => cycle => Math.Pow(gamma, cycle),
                            _ => _ => 1.0,
                        });
                        step();
                    }

                    public enum Mode
                    {
                        Triangular,
                        Triangular2,
                        ExpRange,
                    }

                    public enum ScaleMode
                    {
                        Cycle,
                        Iterations,
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var cycle = Math.Floor(1 + _last_epoch / cycleSize);
                        var position = 1 + _last_epoch / cycleSize - cycle;
                        var height = (position <= upShare ? position / upShare : (position - 1) / (upShare - 1)) * scale(scaleMode == ScaleMode.Cycle ? cycle : _last_epoch);
                        return _optimizer.ParamGroups.ToList().Select((group, i) =>
                        {
                            // TorchSharp adds to the maximum where PyTorch subtracts from it.
                            if (cyclesMomentum) ((IMomentum)group).Momentum = maxMomentum[i] + (maxMomentum[i] - baseMomentum[i]) * height;
                            return _base_lrs[i] + (highest[i] - _base_lrs[i]) * height;
                        });
                    }

                    private static IEnumerable<double> Repeat(Optimizer optimizer, double value) => Enumerable.Repeat(value, optimizer.ParamGroups.Count());
                }
            }
        }
    }
}
