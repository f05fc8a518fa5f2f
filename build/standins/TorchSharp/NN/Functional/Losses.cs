using System;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::binary_cross_entropy", input, target, weight, (long)reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null) =>
                Aten.Call("aten::binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);

            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::cosine_embedding_loss", input1, input2, target, margin, (long)reduction);

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0) =>
                Aten.Call("aten::cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor ctc_loss(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, long blank = 0, bool zero_infinity = false,
                Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::ctc_loss.Tensor", log_probs, targets, input_lengths, target_lengths, blank, (long)reduction, zero_infinity);

            /// <summary>½·(log v + (x − y)²/v), summed over all but the first dimension.</summary>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1e-6f,
                Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                var rows = input.shape[0];
                var (x, y, v) = (input.view(rows, -1), target.view(rows, -1), variance.view(rows, -1));
                if (x.shape[1] != y.shape[1]) throw new ArgumentException("input and target must have the same shape");
                if (v.shape[1] != x.shape[1] && v.shape[1] != 1) throw new ArgumentException("variance has the wrong shape");
                if (v.lt(0).any().item<bool>()) throw new ArgumentException("variance has negative entry/entries");
                // TorchSharp clamps without autograd, so no gradient reaches the variance.
                using (no_grad()) v = v.clamp(min: eps);
                var loss = (0.5 * (v.log() + (x - y).square() / v)).sum(1);
                if (full) loss += 0.5 * x.shape[1] * Math.Log(2 * Math.PI);
                return Reduce(loss, reduction).MoveToOuterDisposeScope();
            }

            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::hinge_embedding_loss", input, target, margin, (long)reduction);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::huber_loss", input, target, (long)reduction, delta);

            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::kl_div", input, target, (long)reduction, log_target);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::l1_loss", input, target, (long)reduction);

            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::margin_ranking_loss", input1, input2, target, margin, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::mse_loss", input, target, (long)reduction);

            public static Tensor multi_label_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::multilabel_margin_loss", input, target, (long)reduction);

            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                var loss = binary_cross_entropy_with_logits(input, target, weight, Reduction.None).mean([-1L]);
                return Reduce(loss, reduction).MoveToOuterDisposeScope();
            }

            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1.0, Tensor? weight = null,
                Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::multi_margin_loss", input, target, p, margin, weight, (long)reduction);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::nll_loss_nd", input, target, weight, (long)reduction);

            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, float eps = 1e-8f,
                Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::poisson_nll_loss", input, target, log_input, full, eps, (long)reduction);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                Aten.Call("aten::smooth_l1_loss", input, target, (long)reduction, beta);

            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::soft_margin_loss", input, target, (long)reduction);

            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1.0, long p = 2, double eps = 1e-06,
                bool swap = false, Reduction reduction = Reduction.Mean) =>
                Aten.Call("aten::triplet_margin_loss", anchor, positive, negative, margin, p, eps, swap, (long)reduction);

            public static Tensor triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor>? distance = null,
                double margin = 1.0, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                distance ??= (x, y) => pairwise_distance(x, y);
                var far = distance(anchor, negative);
                if (swap) far = minimum(far, distance(positive, negative));
                return Reduce((distance(anchor, positive) - far + margin).clamp(min: 0), reduction).MoveToOuterDisposeScope();
            }

            private static Tensor Reduce(Tensor loss, Reduction reduction) => reduction switch
            {
                Reduction.Mean => loss.mean(),
                Reduction.Sum => loss.sum(),
                _ => loss,
            };
        }
    }
}
