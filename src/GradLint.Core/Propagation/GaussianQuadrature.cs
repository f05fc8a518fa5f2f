namespace GradLint.Core.Propagation;

/// <summary>
/// Nodes and weights for expectations under the standard normal density, with the normalised Hermite polynomials
/// h_k(u) = He_k(u)/√k! at the nodes. Gauss–Legendre panels, split where the integrand bends, so that kinks cost no accuracy.
/// </summary>
internal sealed class GaussianQuadrature
{
    /// <summary>Hermite coefficients kept; the rest of a series is modelled by its tail.</summary>
    public const int Order = 24;

    private const double Reach = 9;
    private const int NodesPerPanel = 16;

    private static readonly (double[] Nodes, double[] Weights) s_legendre = GaussLegendre(NodesPerPanel);

    /// <summary>Split at 0 and at ±2.5: right for scales up to about 2 and kinks at 0.</summary>
    public static readonly GaussianQuadrature Standard = new(0, -2.5, 2.5);

    /// <param name="breakpoints">Where panels meet, in units of the standard deviation from the mean.</param>
    public GaussianQuadrature(params double[] breakpoints)
    {
        var edges = breakpoints.Where(b => Math.Abs(b) < Reach).Append(-Reach).Append(Reach).Distinct().OrderBy(b => b).ToArray();
        var count = (edges.Length - 1) * NodesPerPanel;
        Nodes = new double[count];
        Weights = new double[count];
        for (int panel = 0, at = 0; panel + 1 < edges.Length; panel++)
        {
            var centre = (edges[panel] + edges[panel + 1]) / 2;
            var half = (edges[panel + 1] - edges[panel]) / 2;
            for (var i = 0; i < NodesPerPanel; i++, at++)
            {
                var u = Nodes[at] = centre + (half * s_legendre.Nodes[i]);
                Weights[at] = half * s_legendre.Weights[i] * Math.Exp(-u * u / 2) / Math.Sqrt(2 * Math.PI);
            }
        }

        Hermite = new double[count * Order];
        for (var i = 0; i < count; i++)
            FillHermite(Nodes[i], i * Order);
    }

    public double[] Nodes { get; }

    public double[] Weights { get; }

    /// <summary>h_k at node i stands at [i·Order + k].</summary>
    public double[] Hermite { get; }

    private void FillHermite(double u, int at)
    {
        double previous = 0, current = 1;
        for (var k = 0; k < Order; k++)
        {
            Hermite[at + k] = current;
            (previous, current) = (current, ((u * current) - (Math.Sqrt(k) * previous)) / Math.Sqrt(k + 1));
        }
    }

    /// <summary>Newton's method on the Legendre polynomial from the usual cosine guess.</summary>
    private static (double[] Nodes, double[] Weights) GaussLegendre(int n)
    {
        var nodes = new double[n];
        var weights = new double[n];
        for (var i = 0; i < n; i++)
        {
            var x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 1;
            for (var step = 0; step < 50; step++)
            {
                double p0 = 1, p1 = x;
                for (var k = 2; k <= n; k++)
                    (p0, p1) = (p1, ((((2 * k) - 1) * x * p1) - ((k - 1) * p0)) / k);
                slope = n * ((x * p1) - p0) / ((x * x) - 1);
                var change = p1 / slope;
                x -= change;
                if (Math.Abs(change) < 1e-15) break;
            }

            nodes[i] = -x;
            weights[i] = 2 / ((1 - (x * x)) * slope * slope);
        }

        return (nodes, weights);
    }
}
