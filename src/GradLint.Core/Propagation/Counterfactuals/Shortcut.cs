namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>How a remedy lets the gradient around layers of equal width.</summary>
public enum Shortcut
{
    None,

    /// <summary>x + f(x).</summary>
    Residual,

    /// <summary>x + s·f(x), with s = 1/√n for n blocks: the signal stays bounded however deep (Hanin &amp; Rolnick 2018).</summary>
    ScaledResidual,
}
