namespace GradLint.Core.Propagation;

/// <summary>
/// The gradient at the logits, from cross-entropy with labels drawn evenly from the classes: δ = p − y. The labels' part is
/// independent from sample to sample; the probabilities' part follows the logits and so is common to indistinguishable samples.
/// </summary>
internal static class OutputBoundary
{
    /// <param name="logits">The model's output.</param>
    public static Gradient CrossEntropy(Signal logits)
    {
        var classes = logits.Shape.Features;
        var second = logits.Second;
        if (classes <= 1) return new(BinaryCrossEntropy(second));

        var uniform = 1 / classes;
        var probabilities = new SoftmaxMoments(classes, second.Same);
        var hasPositions = logits.Shape.Positions > 1;
        return new(new(
            (uniform * (1 - uniform)) + Excess(second.Same),
            Excess(second.CrossSample),
            hasPositions ? Excess(second.CrossPosition) : 0,
            hasPositions ? Excess(second.CrossBoth) : 0));

        double Excess(double product) => second.Same > 0 ? probabilities.Product(product / second.Same) - (uniform * uniform) : 0;
    }

    /// <summary>σ(z) − y for labels 0 and 1: ¼ at small z.</summary>
    private static Moments BinaryCrossEntropy(Moments logit)
    {
        var sigmoid = ActivationFunction.Sigmoid;
        var (kernel, _) = GaussianKernel.Of(sigmoid, 0, Math.Sqrt(logit.Same));
        var probabilities = new ActivatedNormal(sigmoid, 0, logit).Evaluate(kernel);
        return (probabilities - Moments.Common(0.25)) with { Same = kernel.Second };
    }
}
