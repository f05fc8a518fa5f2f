using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Adam with a rectified variance (Liu et al. 2019).</summary>
    public class RAdam : OptimizerHelper, IBetas
    {
        public RAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay)
        {
        }

        public RAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0)
        {
            Require(lr >= 0, "learning rate", lr);
            Require(beta1 is >= 0 and <= 1, "beta1 value", beta1);
            Require(beta2 is >= 0 and <= 1, "beta2 value", beta2);
            Require(eps >= 0, "eps value", eps);
            Require(weight_decay >= 0, "weight_decay value", weight_decay);
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay };
            foreach (var group in parameters) add_param_group(group);
        }

        public (double, double) Betas
        {
            get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
            set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

        public override Tensor? step(Func<Tensor>? closure = null) => Step<Options, State>(closure, (param, grad, state, options) =>
        {
            var (beta1, beta2, rate) = (options.beta1!.Value, options.beta2!.Value, options.LearningRate!.Value);
            state.step++;
            if (options.weight_decay != 0) grad = grad.add(param, alpha: options.weight_decay!.Value);
            state.exp_avg.mul_(beta1).add_(grad, alpha: 1 - beta1);
            state.exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value: 1 - beta2);

            var correction = 1 - Math.Pow(beta2, state.step);
            var longest = 2 / (1 - beta2) - 1;
            var length = longest - 2 * state.step * Math.Pow(beta2, state.step) / correction;
            var update = state.exp_avg * (rate / (1 - Math.Pow(beta1, state.step)));
            if (length > 5)
            {
                var rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
                // TorchSharp multiplies by the learning rate a second time here; PyTorch does not.
                update = update * (rate * rectification * Math.Sqrt(correction)) / state.exp_avg_sq.sqrt().add_(options.eps!.Value);
            }
            param.sub_(update);
        });

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay })
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = value;
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor exp_avg = null!;
            public Tensor exp_avg_sq = null!;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                Clear();
                (step, exp_avg, exp_avg_sq) = (0, Zeros(), Zeros());
            }

            public override void SaveStateDict(BinaryWriter writer) => Write(writer);

            public override void LoadStateDict(BinaryReader reader) => Read(reader);

            public override void LoadStateDict(OptimizerState source) => Copy(source);

            public void Dispose() => Clear();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static RAdam RAdam(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay);

            public static RAdam RAdam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-08, double weight_decay = 0) =>
                new(parameters.Select(entry => entry.parameter), lr, beta1, beta2, eps, weight_decay);

            public static RAdam RAdam(IEnumerable<RAdam.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay);
        }
    }
}
