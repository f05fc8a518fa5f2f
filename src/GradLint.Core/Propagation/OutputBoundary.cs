namespace GradLint.Core.Propagation;

/// <summary>
/// The gradient at the logits, from cross-entropy with labels drawn evenly from the classes: δ = p − y. The labels' part is
/// independent from sample to sample; the probabilities' part follows the logits and so is common to indistinguishable samples.
/// </summary>
internal static class OutputBoundary
{
    private const int Draws = 64;
    private const int MaxClasses = 64;

    private static readonly double[] s_normals = NormalDraws(Draws * MaxClasses);

    /// <param name="logits">The model's output.</param>
    public static Gradient CrossEntropy(Signal logits)
    {
        var classes = logits.Shape.Features;
        var second = logits.Second;
        if (classes <= 1) return new(BinaryCrossEntropy(second));

        var uniform = 1 / classes;
        var collision = Collision(classes, second.Same);
        var slope = uniform - collision;
        var total = collision - (uniform * uniform);
        var linear = second.Same * slope * slope * classes / (classes - 1);
        var hasPositions = logits.Shape.Positions > 1;
        return new(new(
            (uniform * (1 - uniform)) + total,
            Excess(second.CrossSample),
            hasPositions ? Excess(second.CrossPosition) : 0,
            hasPositions ? Excess(second.CrossBoth) : 0));

        // E[p·p′] − 1/K² is a power series in the logits' correlation; its first term is known, the rest stands at second order.
        double Excess(double product)
        {
            var c = second.Same > 0 ? product / second.Same : 0;
            return (linear * c) + (Math.Max(total - linear, 0) * c * c);
        }
    }

    /// <summary>σ(z) − y for labels 0 and 1: ¼ at small z.</summary>
    private static Moments BinaryCrossEntropy(Moments logit)
    {
        var sigmoid = new ActivationFunction(ActivationFunction.Logistic, z => ActivationFunction.Logistic(z) * ActivationFunction.Logistic(-z));
        var (kernel, _) = GaussianKernel.Of(sigmoid, 0, Math.Sqrt(logit.Same));
        return new(
            kernel.Second,
            kernel.At(Correlation(logit.CrossSample)) - 0.25,
            kernel.At(Correlation(logit.CrossPosition)) - 0.25,
            kernel.At(Correlation(logit.CrossBoth)) - 0.25);

        double Correlation(double product) => logit.Same > 0 ? product / logit.Same : 0;
    }

    /// <summary>E[p_k²] for the softmax of independent normal logits of variance q.</summary>
    private static double Collision(double classes, double q)
    {
        // While no class dominates, the normaliser is nearly constant and p is lognormal.
        if (q <= 0 || (classes > MaxClasses && q < 1)) return Math.Exp(q * (1 - (1 / classes))) / (classes * classes);

        var count = (int)Math.Min(classes, MaxClasses);
        double deviation = Math.Sqrt(q), sum = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var max = double.NegativeInfinity;
            for (var k = 0; k < count; k++)
                max = Math.Max(max, s_normals[(draw * count) + k]);
            double total = 0, squares = 0;
            for (var k = 0; k < count; k++)
            {
                var exp = Math.Exp(deviation * (s_normals[(draw * count) + k] - max));
                total += exp;
                squares += exp * exp;
            }

            sum += squares / (total * total);
        }

        return sum / Draws * count / (classes * classes);
    }

    /// <summary>Fixed standard normal numbers: Box–Muller on a linear congruential generator.</summary>
    private static double[] NormalDraws(int count)
    {
        var draws = new double[count];
        ulong state = 0x9E3779B97F4A7C15;
        for (var i = 0; i < count; i += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - Next())), angle = 2 * Math.PI * Next();
            draws[i] = radius * Math.Cos(angle);
            draws[i + 1] = radius * Math.Sin(angle);
        }

        return draws;

        double Next()
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            return (state >> 11) / (double)(1UL << 53);
        }
    }
}
