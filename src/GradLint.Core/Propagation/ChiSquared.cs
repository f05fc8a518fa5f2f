namespace GradLint.Core.Propagation;

/// <summary>χ² with k degrees of freedom, over k: mean 1. By the Wilson–Hilferty approximation for k > 1.</summary>
internal static class ChiSquared
{
    public static double Expectation(double degrees, Func<double, double> function)
    {
        var quadrature = GaussianQuadrature.Standard;
        double sum = 0, width = 2 / (9 * degrees);
        for (var i = 0; i < quadrature.Nodes.Length; i++)
        {
            var u = quadrature.Nodes[i];
            var root = Math.Max(1 - width + (Math.Sqrt(width) * u), 1e-6);
            sum += quadrature.Weights[i] * function(degrees <= 1 ? u * u : root * root * root);
        }

        return sum;
    }
}
