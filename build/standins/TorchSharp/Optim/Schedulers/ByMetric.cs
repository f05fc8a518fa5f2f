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
                /// <summary>Lowers the rates when a metric has not improved for more than <c>patience</c> steps.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool minimize;
                    private readonly bool relative;
                    private readonly double factor;
                    private readonly double threshold;
                    private readonly double eps;
                    private readonly int patience;
                    private readonly int cooldown;
                    private readonly IList<double> least;
                    private double best;
                    private int badEpochs;
                    private int cooling;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                        string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8, bool verbose = false) : base(optimizer, -1,
                            verbose)
                    {
                        if (factor >= 1.0) throw new ArgumentException("Factor should be < 1.0");
                        if (mode is not ("min" or "max")) throw new ArgumentException($"mode {mode} is unknown!");
                        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"threshold mode {threshold_mode} is unknown!");
                        (minimize, relative, this.factor, this.threshold, this.eps) = (mode == "min", threshold_mode == "rel", factor, threshold, eps);
                        (this.patience, this.cooldown) = (patience, cooldown);
                        least = min_lr is null or { Count: 0 } ? Enumerable.Repeat(0.0, GroupCount).ToList()
                            : min_lr.Count == 1 ? Enumerable.Repeat(min_lr[0], GroupCount).ToList()
                            : min_lr;
                        best = minimize ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        if (IsBetter(current)) (best, badEpochs) = (current, 0);
                        else badEpochs++;

                        if (cooling > 0)
                        {
                            cooling--;
                            badEpochs = 0;
                        }
                        if (badEpochs <= patience) return;
                        Reduce();
                        (cooling, badEpochs) = (cooldown, 0);
                    }

                    public override void step() => throw new InvalidOperationException("ReduceLROnPlateau needs the metric: use step(double, int?).");

                    public override void step(int? epoch) => step();

                    private bool IsBetter(double current)
                    {
                        var margin = relative ? best * threshold : threshold;
                        return minimize ? current < best - (double.IsFinite(margin) ? margin : 0) : current > best + (double.IsFinite(margin) ? margin : 0);
                    }

                    private void Reduce()
                    {
                        var groups = _optimizer.ParamGroups.ToList();
                        for (var i = 0; i < groups.Count; i++)
                        {
                            var lowered = Math.Max(groups[i].LearningRate * factor, least[i]);
                            if (groups[i].LearningRate - lowered > eps) groups[i].LearningRate = lowered;
                        }
                    }
                }
            }
        }
    }
}
