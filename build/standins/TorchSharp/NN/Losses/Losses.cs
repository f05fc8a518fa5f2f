using System;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

public sealed class BCELoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public BCELoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : base(weight, reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => binary_cross_entropy(input, target, weight, reduction);
}

public sealed class BCEWithLogitsLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public BCEWithLogitsLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) : base(weight, reduction) =>
        this.pos_weights = pos_weights;

    public Tensor? pos_weights { get; }

    public override Tensor forward(Tensor input, Tensor target) => binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
}

public sealed class CosineEmbeddingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    public CosineEmbeddingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.margin = margin;

    public double margin { get; }

    public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => cosine_embedding_loss(input1, input2, target, margin, reduction);
}

public sealed class CrossEntropyLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) : base(weight,
        reduction) =>
        (this.ignore_index, this.label_smoothing) = (ignore_index, label_smoothing);

    public long? ignore_index { get; }

    public double label_smoothing { get; }

    public override Tensor forward(Tensor input, Tensor target) => cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
}

public sealed class CTCLoss : Loss<Tensor, Tensor, Tensor, Tensor, Tensor>
{
    public CTCLoss(long blank = 0, bool zero_infinity = false, Reduction reduction = Reduction.Mean) : base(reduction) =>
        (this.blank, this.zero_infinity) = (blank, zero_infinity);

    public long blank { get; }

    public bool zero_infinity { get; }

    public override Tensor forward(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths) =>
        ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, zero_infinity, reduction);
}

public sealed class GaussianNLLLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    public GaussianNLLLoss(bool full = false, float eps = 1e-8f, Reduction reduction = Reduction.Mean) : base(reduction) =>
        (this.full, this.eps) = (full, eps);

    public bool full { get; }

    public float eps { get; }

    public override Tensor forward(Tensor input, Tensor target, Tensor variance) => gaussian_nll_loss(input, target, variance, full, eps, reduction);
}

public sealed class HingeEmbeddingLoss : Loss<Tensor, Tensor, Tensor>
{
    public HingeEmbeddingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.margin = margin;

    public double margin { get; }

    public override Tensor forward(Tensor input, Tensor target) => hinge_embedding_loss(input, target, margin, reduction);
}

public sealed class HuberLoss : Loss<Tensor, Tensor, Tensor>
{
    public HuberLoss(double delta = 1.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.delta = delta;

    public double delta { get; }

    public override Tensor forward(Tensor input, Tensor target) => huber_loss(input, target, delta, reduction);
}

public sealed class KLDivLoss : Loss<Tensor, Tensor, Tensor>
{
    public KLDivLoss(bool log_target = true, Reduction reduction = Reduction.Mean) : base(reduction) => this.log_target = log_target;

    public bool log_target { get; }

    public override Tensor forward(Tensor input, Tensor target) => kl_div(input, target, log_target, reduction);
}

public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
{
    public L1Loss(Reduction reduction = Reduction.Mean) : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => l1_loss(input, target, reduction);
}

public sealed class MarginRankingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    public MarginRankingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.margin = margin;

    public double margin { get; }

    public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => margin_ranking_loss(input1, input2, target, margin, reduction);
}

public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
{
    public MSELoss(Reduction reduction = Reduction.Mean) : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => mse_loss(input, target, reduction);
}

public sealed class MultiLabelMarginLoss : Loss<Tensor, Tensor, Tensor>
{
    public MultiLabelMarginLoss(Reduction reduction = Reduction.Mean) : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => multi_label_margin_loss(input, target, reduction);
}

public sealed class MultiLabelSoftMarginLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public MultiLabelSoftMarginLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : base(weight, reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => multilabel_soft_margin_loss(input, target, weight, reduction);
}

public sealed class MultiMarginLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public MultiMarginLoss(int p = 1, double margin = 1.0, Tensor? weight = null, Reduction reduction = Reduction.Mean) : base(weight, reduction) =>
        (this.p, this.margin) = (p, margin);

    public int p { get; }

    public double margin { get; }

    public override Tensor forward(Tensor input, Tensor target) => multi_margin_loss(input, target, p, margin, weight, reduction);
}

public sealed class NLLLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public NLLLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : base(weight, reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => nll_loss(input, target, weight, reduction);
}

public sealed class PoissonNLLLoss : Loss<Tensor, Tensor, Tensor>
{
    public PoissonNLLLoss(bool log_input = true, bool full = false, float eps = 1e-8f, Reduction reduction = Reduction.Mean) : base(reduction) =>
        (this.log_input, this.full, this.eps) = (log_input, full, eps);

    public bool log_input { get; }

    public bool full { get; }

    public float eps { get; }

    public override Tensor forward(Tensor input, Tensor target) => poisson_nll_loss(input, target, log_input, full, eps, reduction);
}

public sealed class SmoothL1Loss : Loss<Tensor, Tensor, Tensor>
{
    public SmoothL1Loss(Reduction reduction = Reduction.Mean, double beta = 1.0) : base(reduction) => this.beta = beta;

    public double beta { get; }

    public override Tensor forward(Tensor input, Tensor target) => smooth_l1_loss(input, target, reduction, beta);
}

public sealed class SoftMarginLoss : Loss<Tensor, Tensor, Tensor>
{
    public SoftMarginLoss(Reduction reduction = Reduction.Mean) : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => soft_margin_loss(input, target, reduction);
}

public sealed class TripletMarginLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    public TripletMarginLoss(double margin = 1.0, long p = 2, double eps = 1e-06, bool swap = false, Reduction reduction = Reduction.Mean) : base(reduction) =>
        (this.margin, this.p, this.eps, this.swap) = (margin, p, eps, swap);

    public double margin { get; }

    public long p { get; }

    private double eps { get; }

    private bool swap { get; }

    public override Tensor forward(Tensor anchor, Tensor positive, Tensor negative) =>
        triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction);
}

public sealed class TripletMarginWithDistanceLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    public TripletMarginWithDistanceLoss(Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1.0, bool swap = false,
        Reduction reduction = Reduction.Mean) : base(reduction) =>
        (this.distance, this.margin, this.swap) = (distance, margin, swap);

    private Func<Tensor, Tensor, Tensor>? distance { get; }

    public double margin { get; }

    private bool swap { get; }

    public override Tensor forward(Tensor anchor, Tensor positive, Tensor negative) =>
        triplet_margin_with_distance_loss(anchor, positive, negative, distance, margin, swap, reduction);
}
