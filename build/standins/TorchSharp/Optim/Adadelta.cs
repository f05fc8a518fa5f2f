using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Steps in the units of the parameter (Zeiler 2012).</summary>
    public class Adadelta : OptimizerHelper
    {
        public Adadelta(IEnumerable<Parameter> parameters, double lr, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, rho, eps, weight_decay, maximize)
        {
        }

        public Adadelta(IEnumerable<ParamGroup> parameters, double lr = 1, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false)
        {
            Require(lr >= 0, "learning rate", lr);
            Require(rho is >= 0 and <= 1, "rho value", rho);
            Require(eps >= 0, "eps value", eps);
            Require(weight_decay >= 0, "weight_decay value", weight_decay);
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize };
            foreach (var group in parameters) add_param_group(group);
        }

        public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

        public override Tensor? step(Func<Tensor>? closure = null) => Step<Options, State>(closure, (param, grad, state, options) =>
        {
            var (rho, eps) = (options.rho!.Value, options.eps!.Value);
            if (options.maximize!.Value) grad = -grad;
            if (options.weight_decay != 0) grad = grad.add(param, alpha: options.weight_decay!.Value);
            state.square_avg.mul_(rho).addcmul_(grad, grad, value: 1 - rho);
            var delta = (state.acc_delta + eps).sqrt_().div_((state.square_avg + eps).sqrt_()).mul_(grad);
            param.add_(delta, alpha: -options.LearningRate!.Value);
            state.acc_delta.mul_(rho).addcmul_(delta, delta, value: 1 - rho);
        });

        public class Options : OptimizerOptions
        {
            public double? rho;
            public double? eps;
            public double? weight_decay;
            public bool? maximize;
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize })
            {
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor square_avg = null!;
            public Tensor acc_delta = null!;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                Clear();
                (step, square_avg, acc_delta) = (0, Zeros(), Zeros());
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
            public static Adadelta Adadelta(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double eps = 1e-06, double weight_decay = 0,
                bool maximize = false) =>
                new(parameters, lr, rho, eps, weight_decay, maximize);

            public static Adadelta Adadelta(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1, double rho = 0.9, double eps = 1e-06,
                double weight_decay = 0, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, rho, eps, weight_decay, maximize);

            public static Adadelta Adadelta(IEnumerable<Adadelta.ParamGroup> parameters, double lr = 1, double rho = 0.9, double eps = 1e-06,
                double weight_decay = 0, bool maximize = false) =>
                new(parameters, lr, rho, eps, weight_decay, maximize);
        }
    }
}
