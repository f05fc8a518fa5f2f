using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Limited-memory BFGS without line search (Nocedal 1980). It knows one group, and evaluates the closure several times a step.</summary>
    public class LBFGS : Optimizer, ILearningRateController
    {
        private readonly Parameter[] tensors;
        private readonly long maxIterations;
        private readonly long maxEvaluations;
        private readonly double gradientTolerance;
        private readonly double changeTolerance;
        private readonly long historySize;

        private readonly List<(Tensor s, Tensor y, double rho)> history = [];
        private long iterations;
        private Tensor? direction;
        private Tensor? previousGradient;
        private double stepSize;
        private double scale = 1;

        internal LBFGS(IEnumerable<Parameter> parameters, double lr, long max_iter, long max_eval, double tolerance_grad, double tolerance_change, long history_size)
        {
            tensors = parameters.ToArray();
            (maxIterations, maxEvaluations, historySize) = (max_iter, max_eval, history_size);
            (gradientTolerance, changeTolerance) = (tolerance_grad, tolerance_change);
            _parameter_groups = [new ParamGroup { Parameters = tensors, Options = new OptimizerOptions { LearningRate = lr, InitialLearningRate = lr } }];
        }

        public double LearningRate
        {
            get => _parameter_groups[0].LearningRate;
            set => _parameter_groups[0].LearningRate = value;
        }

        public double InitialLearningRate
        {
            get => _parameter_groups[0].InitialLearningRate;
            set => _parameter_groups[0].InitialLearningRate = value;
        }

        public override IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

        /// <returns>The closure's first result.</returns>
        public override Tensor? step(Func<Tensor>? closure)
        {
            ArgumentNullException.ThrowIfNull(closure);
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var first = Evaluate(closure);
            var loss = first.ToDouble();
            var gradient = Gradient();
            var evaluations = 1;

            for (var n = 1; n <= maxIterations && !IsFlat(gradient); n++)
            {
                Turn(gradient);
                previousGradient = Keep(previousGradient, gradient);
                stepSize = iterations == 1 ? Math.Min(1, 1 / gradient.abs().sum().ToDouble()) * LearningRate : LearningRate;
                if (Dot(gradient, direction!) > -changeTolerance) break;
                Move();

                if (n == maxIterations) break;
                var previousLoss = loss;
                loss = Evaluate(closure).ToDouble();
                gradient = Gradient();
                if (++evaluations >= maxEvaluations) break;
                if ((direction! * stepSize).abs().max().ToDouble() <= changeTolerance || Math.Abs(loss - previousLoss) < changeTolerance) break;
            }
            return first.MoveToOuterDisposeScope();
        }

        private protected override void Release()
        {
            direction?.Dispose();
            previousGradient?.Dispose();
            while (history.Count > 0) Forget();
        }

        /// <summary>Finds the next direction: the gradient times the inverse Hessian that the history stands for.</summary>
        private void Turn(Tensor gradient)
        {
            if (iterations++ == 0)
            {
                direction = Keep(direction, -gradient);
                return;
            }
            Remember(direction! * stepSize, gradient - previousGradient!);

            var alphas = new double[history.Count];
            var q = -gradient;
            for (var i = history.Count - 1; i >= 0; i--)
            {
                alphas[i] = Dot(history[i].s, q) * history[i].rho;
                q.add_(history[i].y, alpha: -alphas[i]);
            }
            q.mul_(scale);
            for (var i = 0; i < history.Count; i++)
                q.add_(history[i].s, alpha: alphas[i] - Dot(history[i].y, q) * history[i].rho);
            direction = Keep(direction, q);
        }

        private void Remember(Tensor s, Tensor y)
        {
            var curvature = Dot(s, y);
            if (curvature <= 1e-10) return;
            if (history.Count == historySize) Forget();
            history.Add((s.DetachFromDisposeScope(), y.DetachFromDisposeScope(), 1 / curvature));
            scale = curvature / Dot(y, y);
        }

        private void Forget()
        {
            history[0].s.Dispose();
            history[0].y.Dispose();
            history.RemoveAt(0);
        }

        private void Move()
        {
            var position = 0L;
            foreach (var tensor in tensors)
            {
                tensor.add_(direction!.narrow(0, position, tensor.numel()).view(tensor.shape), alpha: stepSize);
                position += tensor.numel();
            }
        }

        private Tensor Gradient() => cat(tensors.Select(tensor => (tensor.grad ?? zeros_like(tensor)).reshape(-1)).ToList());

        private bool IsFlat(Tensor gradient) => gradient.abs().max().ToDouble() <= gradientTolerance;

        private static Tensor Evaluate(Func<Tensor> closure)
        {
            using var _ = enable_grad();
            return closure();
        }

        private static double Dot(Tensor left, Tensor right) => left.dot(right).ToDouble();

        private static Tensor Keep(Tensor? old, Tensor value)
        {
            old?.Dispose();
            return value.DetachFromDisposeScope();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static LBFGS LBFGS(IEnumerable<Parameter> parameters, double lr = 0.01, long max_iter = 20, long? max_eval = null, double tolerange_grad = 1e-5,
                double tolerance_change = 1e-9, long history_size = 100) =>
                new(parameters, lr, max_iter, max_eval ?? 5 * max_iter / 4, tolerange_grad, tolerance_change, history_size);

            public static LBFGS LBFGS(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, long max_iter = 20, long? max_eval = null,
                double tolerange_grad = 1e-5, double tolerance_change = 1e-9, long history_size = 100) =>
                LBFGS(parameters.Select(entry => entry.parameter), lr, max_iter, max_eval, tolerange_grad, tolerance_change, history_size);
        }
    }
}
