namespace GradLint.Core.Propagation;

/// <summary>
/// E[f(z)·f(z′)] for jointly normal z, z′ of one mean and variance, as a function of their correlation c: with the Hermite
/// coefficients a_k of f, Σ a_k² c^k (Mehler's formula). The coefficients beyond those kept are taken to fall off as
/// k^(−decay), which is exact for a kink (5/2) or a jump (3/2) and immaterial for smooth functions.
/// </summary>
internal sealed class GaussianKernel
{
    private const int MaxKnown = 2048;

    [ThreadStatic]
    private static Dictionary<(Func<double, double> Value, double Mean, double Deviation), (GaussianKernel Value, GaussianKernel Slope)>? s_known;

    private readonly double[] _coefficients;
    private readonly double _tail;
    private readonly bool _isJump;

    private GaussianKernel(double mean, double second, double[] coefficients, bool isJump)
    {
        Mean = mean;
        Second = second;
        _coefficients = coefficients;
        _isJump = isJump;
        _tail = Math.Max(0, second - coefficients.Sum(a => a * a));
    }

    /// <summary>E[f(z)].</summary>
    public double Mean { get; }

    /// <summary>E[f(z)²].</summary>
    public double Second { get; }

    /// <summary>E[f(z)·f(z′)] at correlation <paramref name="c"/>.</summary>
    public double At(double c)
    {
        if (c >= 1) return Second;
        c = Math.Max(c, -1);
        double sum = 0, power = 1;
        foreach (var a in _coefficients)
        {
            sum += a * a * power;
            power *= c;
        }

        return c <= 0 ? sum : sum + (_tail * TailFactor(-_coefficients.Length * Math.Log(c)));
    }

    /// <summary>E[f′(z)·f′(z′)] times the variance, and E[f″(z)·f(z′)] times the variance, at correlation <paramref name="c"/>.</summary>
    public (double Mixed, double Repeated) SecondDerivatives(double c)
    {
        c = Math.Min(Math.Max(c, -1), 1);
        double mixed = 0, repeated = 0, power = 1;
        for (var k = 0; k + 2 < _coefficients.Length; k++)
        {
            mixed += (k + 1) * _coefficients[k + 1] * _coefficients[k + 1] * power;
            repeated += Math.Sqrt((k + 1) * (k + 2)) * _coefficients[k] * _coefficients[k + 2] * power;
            power *= c;
        }

        return (mixed, repeated);
    }

    /// <summary>
    /// The kernels of an activation and of its slope for z ~ N(mean, deviation²). Layers at a fixed point, the scenarios of a
    /// prediction and the edits of a counterfactual ask for the same ones again.
    /// </summary>
    public static (GaussianKernel Value, GaussianKernel Slope) Of(ActivationFunction activation, double mean, double deviation)
    {
        var known = s_known ??= [];
        var key = (activation.Value, mean, deviation);
        if (known.TryGetValue(key, out var kernels)) return kernels;
        if (known.Count >= MaxKnown) known.Clear();
        return known[key] = Evaluate(activation, mean, deviation);
    }

    /// <summary>E[f], E[f²] and E[f⁴] of a function that bends where the activation does, for one z.</summary>
    public static (double Mean, double Second, double Fourth) PowersOf(ActivationFunction activation, Func<double, double> function, double mean, double deviation)
    {
        var quadrature = QuadratureFor(activation, mean, deviation);
        double first = 0, second = 0, fourth = 0;
        for (var i = 0; i < quadrature.Nodes.Length; i++)
        {
            var value = function(mean + (deviation * quadrature.Nodes[i]));
            var weighted = quadrature.Weights[i] * value;
            first += weighted;
            second += weighted * value;
            fourth += weighted * value * value * value;
        }

        return (first, second, fourth);
    }

    private static (GaussianKernel Value, GaussianKernel Slope) Evaluate(ActivationFunction activation, double mean, double deviation)
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
        double second = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var weighted = quadrature.Weights[i] * values[i];
            second += weighted * values[i];
            for (var k = 0; k < Order; k++)
                coefficients[k] += weighted * quadrature.Hermite[(i * Order) + k];
        }

        return new(coefficients[0], second, coefficients, isJump);
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
