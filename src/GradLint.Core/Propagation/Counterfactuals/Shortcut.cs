namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>How a remedy lets the gradient around layers of equal width.</summary>
public enum Shortcut
{
    None,

    /// <summary>x + f(x) (He et al. 2016).</summary>
    Residual,

    /// <summary>x + s·f(x), with s = 1/√n for n blocks: the signal stays bounded however deep (Hanin &amp; Rolnick 2018).</summary>
    ScaledResidual,

    /// <summary>x + α·f(x) with a trained α that begins at 0: no signal grows in the beginning, however deep (Bachlechner et al. 2020).</summary>
    ReZero,

    /// <summary>x + b·f(x) with b = 0 for some samples, for the more of them the deeper the block: fewer branches add up (Huang et al. 2016).</summary>
    StochasticDepth,

    /// <summary>t⊙f(x) + (1 − t)⊙x with a gate t = σ(W x + b) that begins mostly closed (Srivastava et al. 2015).</summary>
    Highway,
}
