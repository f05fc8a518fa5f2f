using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Step sizes by the signs of successive gradients (Riedmiller and Braun 1993).</summary>
    public class Rprop : OptimizerHelper
    {
        public Rprop(IEnumerable<Parameter> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1e-06, double max_step = 50,
            bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, etaminus, etaplus, min_step, max_step, maximize)
        {
        }

        public Rprop(IEnumerable<ParamGroup> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1e-06,
            double max_step = 50, bool maximize = false)
        {
            Require(lr >= 0, "learning rate", lr);
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, etaminus = etaminus, etaplus = etaplus, min_step = min_step, max_step = max_step,
                maximize = maximize };
            foreach (var group in parameters) add_param_group(group);
        }

        public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, parameter => new State(parameter));

        public override Tensor? step(Func<Tensor>? closure = null) => Step<Options, State>(closure, (param, grad, state, options) =>
        {
            if (options.maximize!.Value) grad = -grad;
            state.step++;
            var agreement = (grad * state.prev).sign();
            var reversed = agreement.lt(0);
            var factor = ones_like(grad).masked_fill_(agreement.gt(0), options.etaplus!.Value).masked_fill_(reversed, options.etaminus!.Value);
            state.step_size.mul_(factor).clamp_(options.min_step!.Value, options.max_step!.Value);
            grad = grad.masked_fill(reversed, 0);
            param.addcmul_(grad.sign(), state.step_size, value: -1);
            state.prev.copy_(grad);
        });

        public class Options : OptimizerOptions
        {
            public double? etaminus;
            public double? etaplus;
            public double? min_step;
            public double? max_step;
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

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1e-06,
                double max_step = 50, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, etaminus = etaminus, etaplus = etaplus, min_step = min_step, max_step = max_step,
                    maximize = maximize })
            {
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor prev = null!;
            public Tensor step_size = null!;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                Clear();
                (step, prev, step_size) = (0, Zeros(), Zeros().fill_(options.LearningRate!.Value));
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
            public static Rprop Rprop(IEnumerable<Parameter> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1e-06,
                double max_step = 50, bool maximize = false) =>
                new(parameters, lr, etaminus, etaplus, min_step, max_step, maximize);

            public static Rprop Rprop(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2,
                double min_step = 1e-06, double max_step = 50, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, etaminus, etaplus, min_step, max_step, maximize);

            public static Rprop Rprop(IEnumerable<Rprop.ParamGroup> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2,
                double min_step = 1e-06, double max_step = 50, bool maximize = false) =>
                new(parameters, lr, etaminus, etaplus, min_step, max_step, maximize);
        }
    }
}
