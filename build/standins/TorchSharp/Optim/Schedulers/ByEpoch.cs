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
                /// <summary>The first rate times a function of the epoch.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly List<Func<int, double>> factors;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch,
                        verbose)
                    {
                        factors = Enumerable.Repeat(lr_lambda, GroupCount).ToList();
                        step();
                    }

                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false) : base(optimizer,
                        last_epoch, verbose)
                    {
                        factors = lr_lambdas.ToList();
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _base_lrs.Select((rate, i) => rate * factors[i](_last_epoch));
                }

                /// <summary>Times a function of the epoch, at each step.</summary>
                public class MultiplicativeLR : LRScheduler
                {
                    private readonly List<Func<int, double>> factors;

                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) : base(optimizer,
                        last_epoch, verbose)
                    {
                        factors = Enumerable.Repeat(lr_lambda, GroupCount).ToList();
                        step();
                    }

                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        factors = lr_lambdas.ToList();
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _last_epoch > 0
                        ? _optimizer.ParamGroups.Select((group, i) => group.LearningRate * factors[i](_last_epoch))
                        : Scaled(1);
                }

                /// <summary>Times γ every <c>step_size</c> epochs.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int stepSize;
                    private readonly double gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch,
                        verbose)
                    {
                        (stepSize, this.gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(_last_epoch > 0 && _last_epoch % stepSize == 0 ? gamma : 1);

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(Math.Pow(gamma, _last_epoch / stepSize));
                }

                /// <summary>Times γ at each milestone.</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly IList<int> milestones;
                    private readonly double gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer,
                        last_epoch, verbose)
                    {
                        (this.milestones, this.gamma) = (milestones.Distinct().ToList(), gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(milestones.Contains(_last_epoch) ? gamma : 1);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        FromBase(Math.Pow(gamma, milestones.Count(milestone => milestone <= _last_epoch)));
                }

                /// <summary>Times γ at each step.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(_last_epoch == 0 ? 1 : gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(Math.Pow(gamma, _last_epoch));
                }

                /// <summary>A fraction of the rate until <c>total_iters</c> steps are done.</summary>
                public class ConstantLR : LRScheduler
                {
                    private readonly double factor;
                    private readonly int total;

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) : base(optimizer,
                        last_epoch, verbose)
                    {
                        (this.factor, total) = (factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(_last_epoch == 0 ? factor : _last_epoch == total ? 1 / factor : 1);

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(_last_epoch >= total ? 1 : factor);
                }

                /// <summary>From one fraction of the rate to another, evenly over <c>total_iters</c> steps.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double start;
                    private readonly double end;
                    private readonly int total;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1,
                        bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (start, end, total) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(
                        _last_epoch == 0 ? start : _last_epoch > total ? 1 : Factor(_last_epoch) / Factor(_last_epoch - 1));

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(Factor(_last_epoch));

                    private double Factor(int epoch) => start + (end - start) * Math.Min(total, epoch) / total;
                }

                /// <summary>(1 − epoch/total)^power of the rate.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly double total;
                    private readonly double power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1.0, int last_epoch = -1, bool verbose = false) : base(optimizer,
                        last_epoch, verbose)
                    {
                        (total, this.power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(
                        _last_epoch == 0 || _last_epoch > total ? 1 : Math.Pow((1 - _last_epoch / total) / (1 - (_last_epoch - 1) / total), power));

                    protected override IEnumerable<double> get_closed_form_lr() => FromBase(Math.Pow(1 - Math.Min(total, _last_epoch) / total, power));
                }
            }
        }
    }
}
