namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// Scaled dot-product attention, out_i = Σ_j softmax_j(q_i·k_j/√d)·v_j, near initialisation: the scores of a row are nearly normal
/// with variance q·(k − kˢ), so a row's weights are those of a softmax of normal logits. (Vaswani et al. 2017 for the scaling;
/// Dong et al. 2021 and Noci et al. 2022 for how tokens draw together.)
/// </summary>
internal sealed class AttentionWeights
{
    private readonly Signal _queries, _keys, _values;
    private readonly double _tokens;

    // Σ_j α_ij·α_ij, Σ_j α_ij·α_i′j, and the same between two samples.
    private readonly Moments _overlap;

    /// <param name="dropout">Probability with which an attention weight is dropped.</param>
    public AttentionWeights(Signal queries, Signal keys, Signal values, double dropout)
    {
        (_queries, _keys, _values, _tokens) = (queries, keys, values, Math.Max(keys.Shape.Positions, 1));
        var (q, k) = (queries.Second, keys.Second);
        var variance = Math.Max(q.Same * (k.Same - k.CrossPosition), 0);
        var softmax = new SoftmaxMoments(_tokens, variance);
        double between = Math.Max(k.CrossSample - k.CrossBoth, 0), ownTokens = Math.Max(k.Same - k.CrossPosition, 0);
        _overlap = new Moments(
            softmax.Second / (1 - dropout),
            softmax.Product(Correlation(q.CrossSample * between)),
            softmax.Product(Correlation(q.CrossPosition * ownTokens)),
            softmax.Product(Correlation(q.CrossBoth * between))) * _tokens;

        var v = values.Second;
        Output = new(queries.Shape, values.Mean, new(
            Mixed(_overlap.Same, v.Same, v.CrossPosition),
            Mixed(_overlap.CrossSample, v.CrossSample, v.CrossBoth),
            Mixed(_overlap.CrossPosition, v.Same, v.CrossPosition),
            Mixed(_overlap.CrossBoth, v.CrossSample, v.CrossBoth)));

        double Correlation(double product) => variance > 0 ? product / variance : 0;

        static double Mixed(double overlap, double sameToken, double otherToken) => otherToken + (overlap * (sameToken - otherToken));
    }

    public Signal Output { get; }

    /// <summary>∂L/∂v_j = Σ_i α_ij·δ_i.</summary>
    public Gradient AtValues(Gradient output)
    {
        var (d, others) = (output.Second, _tokens - 1);
        return new(new(
            (_overlap.Same * d.Same) + (others * _overlap.CrossPosition * d.CrossPosition),
            (_overlap.CrossSample * d.CrossSample) + (others * _overlap.CrossBoth * d.CrossBoth),
            others > 0 ? (Math.Max(1 - _overlap.Same, 0) * d.Same / others) + ((1 - _overlap.CrossPosition) * d.CrossPosition) : 0,
            others > 0 ? ((1 - _overlap.CrossSample) * d.CrossSample / others) + ((1 - _overlap.CrossBoth) * d.CrossBoth) : 0));
    }

    /// <summary>∂L/∂q_i = Σ_j ∂L/∂s_ij·k_j/√d; a row of ∂L/∂s sums to 0, so only what tells the tokens apart counts.</summary>
    public Gradient AtQueries(Gradient output)
    {
        var scores = ScoreGradient(output.Second);
        double own = Distinct(_keys.Second.Same, _keys.Second.CrossPosition), between = Distinct(_keys.Second.CrossSample, _keys.Second.CrossBoth);
        return new(scores * new Moments(own, between, own, between));
    }

    /// <summary>∂L/∂k_j = Σ_i ∂L/∂s_ij·q_i/√d.</summary>
    public Gradient AtKeys(Gradient output)
    {
        var (scores, q, others) = (ScoreGradient(output.Second), _queries.Second, _tokens - 1);
        var same = (scores.Same * q.Same) + (others * scores.CrossPosition * q.CrossPosition);
        var crossSample = (scores.CrossSample * q.CrossSample) + (others * scores.CrossBoth * q.CrossBoth);
        return new(new(same, crossSample, others > 0 ? -same / others : 0, others > 0 ? -crossSample / others : 0));
    }

    /// <summary>Σ_j of E[∂L/∂s_ij·∂L/∂s_i′j]/d, with ∂L/∂s_ij = α_ij·(g_ij − Σ_j α_ij·g_ij) and g_ij = δ_i·v_j.</summary>
    private Moments ScoreGradient(Moments d)
    {
        double own = Distinct(_values.Second.Same, _values.Second.CrossPosition), between = Distinct(_values.Second.CrossSample, _values.Second.CrossBoth);
        return d * new Moments(Spread(_overlap.Same) * own, Spread(_overlap.CrossSample) * between, Spread(_overlap.CrossPosition) * own, Spread(_overlap.CrossBoth) * between);

        static double Spread(double overlap) => overlap * Math.Max(1 - overlap, 0);
    }

    private static double Distinct(double sameToken, double otherToken) => Math.Max(sameToken - otherToken, 0);
}
