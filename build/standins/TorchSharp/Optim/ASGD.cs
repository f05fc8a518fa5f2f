using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Averaged gradient descent (Polyak and Juditsky 1992).</summary>
    public class ASGD : OptimizerHelper
    {
        public ASGD(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000, double weight_decay = 0,
            bool maximize = false)
            : this((ParamGroup<Options>[])[new ParamGroup { Parameters = parameters }], lr, lambd, alpha, t0, weight_decay, maximize)
        {
        }

        public ASGD(IEnumerable<ParamGroup<Options>> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000,
            double weight_decay = 0, bool maximize = false)
        {
            Require(lr >= 0, "learning rate", lr);
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay,
                maximize = maximize };
            foreach (var group in parameters) add_param_group(group);
        }

        public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

        public override Tensor? step(Func<Tensor>? closure = null) => Step<Options, State>(closure, (param, grad, state, options) =>
        {
            if (options.maximize!.Value) grad = -grad;
            state.step++;
            if (options.weight_decay != 0) grad = grad.add(param, alpha: options.weight_decay!.Value);
            param.mul_(1 - options.lambd!.Value * state.eta).add_(grad, alpha: -state.eta);
            if (state.mu == 1) state.ax.copy_(param);
            else state.ax.add_((param - state.ax) * state.mu);
            state.eta = options.LearningRate!.Value / Math.Pow(1 + options.lambd.Value * options.LearningRate.Value * state.step, options.alpha!.Value);
            state.mu = 1 / Math.Max(1, state.step - options.t0!.Value);
        });

        public class Options : OptimizerOptions
        {
            public double? lambd;
            public double? alpha;
            public double? t0;
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

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000,
                double weight_decay = 0)
                : base(parameters, new Options { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay })
            {
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public double eta;
            public double mu;
            public Tensor ax = null!;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                Clear();
                (step, eta, mu, ax) = (0, options.LearningRate!.Value, 1, Zeros());
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
            public static ASGD ASGD(IEnumerable<Parameter> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000,
                double weight_decay = 0, bool maximize = false) =>
                new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);

            public static ASGD ASGD(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75,
                double t0 = 1000000, double weight_decay = 0, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, lambd, alpha, t0, weight_decay, maximize);

            public static ASGD ASGD(IEnumerable<ParamGroup<ASGD.Options>> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75,
                double t0 = 1000000, double weight_decay = 0, bool maximize = false) =>
                new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);
        }
    }
}
