using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Rates by a moving mean of squared gradients (Hinton 2012).</summary>
    public class RMSProp : OptimizerHelper, IMomentum
    {
        public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-08, double weight_decay = 0, double momentum = 0,
            bool centered = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
        {
        }

        public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-08, double weight_decay = 0, double momentum = 0,
            bool centered = false, bool maximize = false)
        {
            Require(lr >= 0, "learning rate", lr);
            Require(eps >= 0, "eps", eps);
            Require(alpha >= 0, "alpha", alpha);
            Require(momentum >= 0, "momentum value", momentum);
            Require(weight_decay >= 0, "weight_decay value", weight_decay);
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum,
                centered = centered, maximize = maximize };
            foreach (var group in parameters) add_param_group(group);
        }

        public double Momentum
        {
            get => ((Options)_defaults).momentum!.Value;
            set => ((Options)_defaults).momentum = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

        public override Tensor? step(Func<Tensor>? closure = null) => Step<Options, State>(closure, (param, grad, state, options) =>
        {
            var (alpha, rate) = (options.alpha!.Value, options.LearningRate!.Value);
            if (options.maximize!.Value) grad = -grad;
            state.step++;
            if (options.weight_decay != 0) grad = grad.add(param, alpha: options.weight_decay!.Value);
            state.square_avg.mul_(alpha).addcmul_(grad, grad, value: 1 - alpha);
            var scale = state.square_avg;
            if (options.centered!.Value)
            {
                state.grad_avg!.mul_(alpha).add_(grad, alpha: 1 - alpha);
                scale = scale - state.grad_avg.square();
            }
            scale = scale.sqrt().add_(options.eps!.Value);
            if (options.momentum > 0) param.add_(state.momentum_buffer!.mul_(options.momentum.Value).addcdiv_(grad, scale, value: 1), alpha: -rate);
            else param.addcdiv_(grad, scale, value: -rate);
        });

        public class Options : OptimizerOptions
        {
            public double? alpha;
            public double? eps;
            public double? weight_decay;
            public double? momentum;
            public bool? centered;
            public bool? maximize;
        }

        public class ParamGroup : ParamGroup<Options>, IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1e-08, double alpha = 0.99, double weight_decay = 0,
                double momentum = 0, bool centered = false)
                : base(parameters, new Options { LearningRate = lr, eps = eps, alpha = alpha, weight_decay = weight_decay, momentum = momentum,
                    centered = centered })
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor square_avg = null!;
            public Tensor? momentum_buffer;
            public Tensor? grad_avg;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                Clear();
                (step, square_avg, momentum_buffer, grad_avg) = (0, Zeros(), Zeros(), Zeros());
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
            public static RMSProp RMSProp(IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-08, double weight_decay = 0,
                double momentum = 0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-08,
                double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(IEnumerable<RMSProp.ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-08,
                double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);
        }
    }
}
