namespace GradLint.Core.Propagation;

/// <summary>Second moments of the probabilities p = softmax(z) of independent normal logits of one variance.</summary>
internal sealed class SoftmaxMoments
{
    private const int MaxClasses = 64;

    private static readonly double[] s_normals = Normals(64 * MaxClasses);

    private readonly double _uniform, _linear;

    /// <param name="classes">Number of logits, at least 1.</param>
    /// <param name="variance">Of a logit.</param>
    public SoftmaxMoments(double classes, double variance)
    {
        _uniform = 1 / (classes * classes);
        Second = classes <= 1 ? 1 : CollisionOf(classes, Math.Max(variance, 0));
        var slope = (1 / classes) - Second;
        _linear = classes <= 1 ? 0 : Math.Min(variance * slope * slope * classes / (classes - 1), Second - _uniform);
    }

    /// <summary>E[p²] of one class.</summary>
    public double Second { get; }

    /// <summary>
    /// E[p·p′] of one class for logits of correlation c: a power series in c, whose first term is known exactly; the rest stands at
    /// second order.
    /// </summary>
    public double Product(double c)
    {
        c = Math.Min(Math.Max(c, -1), 1);
        return _uniform + (_linear * c) + (Math.Max(Second - _uniform - _linear, 0) * c * c);
    }

    private static double CollisionOf(double classes, double variance)
    {
        // While no class dominates, the normaliser is nearly constant and p is lognormal.
        if (variance <= 0 || (classes > MaxClasses && variance < 1)) return Math.Exp(variance * (1 - (1 / classes))) / (classes * classes);

        var count = (int)Math.Min(classes, MaxClasses);
        double deviation = Math.Sqrt(variance), sum = 0;
        var draws = s_normals.Length / count;
        for (var draw = 0; draw < draws; draw++)
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

        return Math.Max(sum / draws * count, 1) / (classes * classes);
    }

    private static double[] Normals(int count)
    {
        var random = new FixedRandom(1);
        return Enumerable.Range(0, count).Select(_ => random.Normal()).ToArray();
    }
}
