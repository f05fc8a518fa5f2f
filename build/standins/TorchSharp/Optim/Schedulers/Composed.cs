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
                /// <summary>One scheduler after the other; at each milestone the next one starts from its epoch 0.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] schedulers;
                    private readonly int[] milestones;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) : base(optimizer,
                        last_epoch + 1)
                    {
                        (this.schedulers, this.milestones) = (schedulers.ToArray(), milestones.ToArray());
                        if (this.schedulers.Any(scheduler => scheduler._optimizer != optimizer))
                            throw new ArgumentException("The SequentialLR scheduler expects all its sub-schedulers to be bound to the same optimizer.");
                        if (this.milestones.Length != this.schedulers.Length - 1)
                            throw new ArgumentException($"Received {this.schedulers.Length} schedulers and {this.milestones.Length} milestones: there must be one milestone less.");

                        foreach (var group in optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate;
                        foreach (var scheduler in this.schedulers) scheduler._last_epoch--;
                        this.schedulers[0].step();
                        _last_lrs = this.schedulers[0]._last_lrs;
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var passed = milestones.Count(milestone => milestone <= _last_epoch);
                        if (passed > 0 && milestones[passed - 1] == _last_epoch) schedulers[passed].step(0);
                        else schedulers[passed].step();
                        return Scaled(1);
                    }
                }

                /// <summary>Steps several schedulers at once.</summary>
                public class ChainedLR : LRScheduler
                {
                    private readonly IEnumerable<LRScheduler> schedulers;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers) => this.schedulers = schedulers;

                    public override void step()
                    {
                        foreach (var scheduler in schedulers) scheduler.step();
                    }
                }
            }
        }
    }
}
