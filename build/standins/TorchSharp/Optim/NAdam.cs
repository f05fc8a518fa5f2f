using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Adam with Nesterov momentum (Dozat 2016).</summary>
    public class NAdam : OptimizerHelper, IBetas
    {
        public NAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0,
            double momentum_decay = 0.004)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, momentum_decay)
        {
        }

        public NAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0,
            double momentum_decay = 0.004)
        {
            Require(lr >= 0, "learning rate", lr);
            Require(beta1 is >= 0 and <= 1, "beta1 value", beta1);
            Require(beta2 is >= 0 and <= 1, "beta2 value", beta2);
            Require(eps >= 0, "eps value", eps);
            Require(weight_decay >= 0, "weight_decay value", weight_decay);
            Require(momentum_decay >= 0, "momentum_decay value", momentum_decay);
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay,
                momentum_decay = momentum_decay };
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
            double Mu(long step) => beta1 * (1 - 0.5 * Math.Pow(0.96, step * options.momentum_decay!.Value));
            var (mu, muNext) = (Mu(state.step), Mu(state.step + 1));
            state.mu_product *= mu;

            state.exp_avg.mul_(beta1).add_(grad, alpha: 1 - beta1);
            state.exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value: 1 - beta2);
            var denominator = (state.exp_avg_sq / (1 - Math.Pow(beta2, state.step))).sqrt_().add_(options.eps!.Value);
            param.addcdiv_(grad, denominator, value: -rate * (1 - mu) / (1 - state.mu_product));
            param.addcdiv_(state.exp_avg, denominator, value: -rate * muNext / (1 - state.mu_product * muNext));
        });

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
            public double? momentum_decay;
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
                double weight_decay = 0, double momentum_decay = 0.004)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay,
                    momentum_decay = momentum_decay })
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
            public double mu_product;
            public Tensor exp_avg = null!;
            public Tensor exp_avg_sq = null!;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                Clear();
                (step, mu_product, exp_avg, exp_avg_sq) = (0, 1, Zeros(), Zeros());
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
            public static NAdam NAdam(IEnumerable<Parameter> named_parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0, double momentum_decay = 0.004) =>
                new(named_parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);

            public static NAdam NAdam(IEnumerable<(string name, Parameter parameter)> named_parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-08, double weight_decay = 0, double momentum_decay = 0.004) =>
                new(named_parameters.Select(entry => entry.parameter), lr, beta1, beta2, eps, weight_decay, momentum_decay);

            public static NAdam NAdam(IEnumerable<NAdam.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0, double momentum_decay = 0.004) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);
        }
    }
}
