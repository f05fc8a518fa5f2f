namespace GradLint.Core.Propagation;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    public static double Cumulative(double z) => 0.5 * ComplementaryError(-z / Math.Sqrt(2));

    /// <summary>erfc, by its Taylor series near 0 and its continued fraction beyond; relative error below 1e-12.</summary>
    public static double ComplementaryError(double x)
    {
        if (x < 0) return 2 - ComplementaryError(-x);
        if (x > 26) return 0;
        if (x < 2)
        {
            double term = x, sum = x;
            for (var k = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum) && k < 100; k++)
            {
                term *= -x * x / k;
                sum += term / ((2 * k) + 1);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }

        double fraction = 0;
        for (var k = 60; k > 0; k--)
            fraction = k / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }
}
