namespace GradLint.Core.Propagation;

/// <summary>
/// E[f(z)·f(z′)] for jointly normal z, z′ of one mean and variance, as a function of their correlation c: with the Hermite
/// coefficients a_k of f, Σ a_k² c^k (Mehler's formula). The coefficients beyond those kept are taken to fall off as
/// k^(−decay), which is exact for a kink (5/2) or a jump (3/2) and immaterial for smooth functions.
/// </summary>
internal sealed class GaussianKernel
{
    private readonly double[] _squares;
    private readonly double _tail;
    private readonly bool _isJump;

    private GaussianKernel(double mean, double second, double fourth, double[] squares, bool isJump)
    {
        Mean = mean;
        Second = second;
        Fourth = fourth;
        _squares = squares;
        _isJump = isJump;
        _tail = Math.Max(0, second - squares.Sum());
    }

    /// <summary>E[f(z)].</summary>
    public double Mean { get; }

    /// <summary>E[f(z)²].</summary>
    public double Second { get; }

    /// <summary>E[f(z)⁴].</summary>
    public double Fourth { get; }

    /// <summary>E[f(z)·f(z′)] at correlation <paramref name="c"/>.</summary>
    public double At(double c)
    {
        if (c >= 1) return Second;
        c = Math.Max(c, -1);
        double sum = 0, power = 1;
        foreach (var square in _squares)
        {
            sum += square * power;
            power *= c;
        }

        return c <= 0 ? sum : sum + (_tail * TailFactor(-_squares.Length * Math.Log(c)));
    }

    /// <summary>The kernels of an activation and of its slope for z ~ N(mean, deviation²).</summary>
    public static (GaussianKernel Value, GaussianKernel Slope) Of(ActivationFunction activation, double mean, double deviation)
    {
        var quadrature = QuadratureFor(activation, mean, deviation);
        var value = new double[quadrature.Nodes.Length];
        var slope = new double[quadrature.Nodes.Length];
        for (var i = 0; i < value.Length; i++)
        {
            var z = mean + (deviation * quadrature.Nodes[i]);
            value[i] = activation.Value(z);
            slope[i] = activation.Slope(z);
        }

        return (Expand(quadrature, value, isJump: false), Expand(quadrature, slope, isJump: activation.Kinks.Length > 0));
    }

    private static GaussianKernel Expand(GaussianQuadrature quadrature, double[] values, bool isJump)
    {
        const int Order = GaussianQuadrature.Order;
        var coefficients = new double[Order];
        double second = 0, fourth = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var weighted = quadrature.Weights[i] * values[i];
            second += weighted * values[i];
            fourth += weighted * values[i] * values[i] * values[i];
            for (var k = 0; k < Order; k++)
                coefficients[k] += weighted * quadrature.Hermite[(i * Order) + k];
        }

        var mean = coefficients[0];
        for (var k = 0; k < Order; k++)
            coefficients[k] *= coefficients[k];
        return new(mean, second, fourth, coefficients, isJump);
    }

    private static GaussianQuadrature QuadratureFor(ActivationFunction activation, double mean, double deviation)
    {
        var isCentred = mean == 0 && Array.TrueForAll(activation.Kinks, k => k == 0);
        if (deviation == 0 || (isCentred && deviation <= 2)) return GaussianQuadrature.Standard;
        double[] bends = [-8, -3, -1, 0, 1, 3, 8];
        return new([.. activation.Kinks.Concat(bends).Select(z => (z - mean) / deviation), -3, 0, 3]);
    }

    /// <summary>∫₁^∞ p·t^(−p−1)·exp(−λt) dt with p = 1/2 for a jump, 3/2 for a kink.</summary>
    private double TailFactor(double lambda)
    {
        var half = Math.Exp(-lambda) - (Math.Sqrt(Math.PI * lambda) * NormalDistribution.ComplementaryError(Math.Sqrt(lambda)));
        return Math.Max(0, _isJump ? half : Math.Exp(-lambda) - (2 * lambda * half));
    }
}
