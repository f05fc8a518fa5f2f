using GradLint.Core.Model;
using GradLint.Core.Propagation.Patterns;

namespace GradLint.Core.Propagation;

/// <summary>A pointwise activation: its value, the slope autograd uses, and where it bends.</summary>
/// <param name="Value">φ(z).</param>
/// <param name="Slope">φ′(z) as autograd computes it (0 across a jump).</param>
/// <param name="Kinks">Points at which φ or φ′ is not smooth.</param>
internal sealed record ActivationFunction(Func<double, double> Value, Func<double, double> Slope, params double[] Kinks)
{
    private const double SeluScale = 1.0507009873554805, SeluAlpha = 1.6732632423543772;

    /// <summary>The activation a node applies with its arguments; null when it is not pointwise or an argument is unknown.</summary>
    public static ActivationFunction? For(GraphNode node)
    {
        double? Argument(string name, double otherwise) =>
            node.Arguments.IsUnknown(name) ? null : node.Arguments.Number(name) ?? otherwise;

        return node.Kind switch
        {
            LayerKind.Identity => Identity,
            LayerKind.ReLU => ReLU,
            LayerKind.ReLU6 => ReLU6,
            LayerKind.LeakyReLU => Argument("negative_slope", 0.01) is { } slope ? LeakyReLU(slope) : null,
            LayerKind.PReLU => Argument("init", 0.25) is { } slope ? LeakyReLU(slope) : null,
            LayerKind.RReLU => Argument("lower", 1.0 / 8) is { } lower && Argument("upper", 1.0 / 3) is { } upper ? LeakyReLU((lower + upper) / 2) : null,
            LayerKind.ELU => Argument("alpha", 1) is { } alpha ? ExponentialLinear(alpha, 1, 1) : null,
            LayerKind.CELU => Argument("alpha", 1) is { } alpha ? ExponentialLinear(alpha, 1, alpha) : null,
            LayerKind.SELU => SELU,
            LayerKind.GELU => GELU,
            LayerKind.SiLU => SiLU,
            LayerKind.Mish => Mish,
            LayerKind.Sigmoid => Sigmoid,
            LayerKind.LogSigmoid => new(z => -SoftplusOf(-z), z => Logistic(-z)),
            LayerKind.Hardsigmoid => new(z => Math.Min(Math.Max((z / 6) + 0.5, 0), 1), z => Math.Abs(z) < 3 ? 1.0 / 6 : 0, -3, 3),
            LayerKind.Tanh => Tanh,
            // TorchSharp's out-of-place hardtanh (0.104 to 0.107) drops its result and returns its input.
            LayerKind.Hardtanh when node.Arguments.Flag("inplace") != true => Identity,
            LayerKind.Hardtanh => Argument("min_val", -1) is { } low && Argument("max_val", 1) is { } high ? Clamp(low, high) : null,
            LayerKind.Softplus => Argument("beta", 1) is { } beta ? new(z => SoftplusOf(beta * z) / beta, z => Logistic(beta * z)) : null,
            LayerKind.Softsign => new(z => z / (1 + Math.Abs(z)), z => 1 / ((1 + Math.Abs(z)) * (1 + Math.Abs(z))), 0),
            LayerKind.Softshrink => Argument("lambda", 0.5) is { } edge ? new(z => z > edge ? z - edge : z < -edge ? z + edge : 0, z => Math.Abs(z) > edge ? 1 : 0, -edge, edge) : null,
            LayerKind.Hardshrink => Argument("lambda", 0.5) is { } edge ? new(z => Math.Abs(z) > edge ? z : 0, z => Math.Abs(z) > edge ? 1 : 0, -edge, edge) : null,
            LayerKind.Tanhshrink => new(z => z - Math.Tanh(z), z => Math.Tanh(z) * Math.Tanh(z)),
            LayerKind.Hardswish => new(z => z * Math.Min(Math.Max((z / 6) + 0.5, 0), 1), z => z <= -3 ? 0 : z >= 3 ? 1 : (z / 3) + 0.5, -3, 3),
            LayerKind.Threshold => Argument("threshold", 0) is { } edge && Argument("value", 0) is { } value ? new(z => z > edge ? z : value, z => z > edge ? 1 : 0, edge) : null,
            LayerKind.Sine => new(Math.Sin, Math.Cos),
            LayerKind.Cosine => new(Math.Cos, z => -Math.Sin(z)),
            LayerKind.Erf => new(z => 1 - NormalDistribution.ComplementaryError(z), z => 2 / Math.Sqrt(Math.PI) * Math.Exp(-z * z)),
            LayerKind.Pointwise => node.Arguments[PointwisePattern.Function] as ActivationFunction,
            LayerKind.Abs => new(Math.Abs, z => Math.Sign(z), 0),
            LayerKind.Exp => new(Math.Exp, Math.Exp),
            // Of elements far from 0 alone; below it they are held.
            LayerKind.Sqrt => new(z => Math.Sqrt(Math.Max(z, 0)), z => z > 0 ? 0.5 / Math.Sqrt(z) : 0),
            LayerKind.ReciprocalSqrt => new(z => z > 0 ? 1 / Math.Sqrt(z) : 0, z => z > 0 ? -0.5 / (z * Math.Sqrt(z)) : 0),
            LayerKind.Reciprocal => new(z => z > 0 ? 1 / z : 0, z => z > 0 ? -1 / (z * z) : 0),
            LayerKind.Log => new(z => z > 0 ? Math.Log(z) : 0, z => z > 0 ? 1 / z : 0),
            LayerKind.Clamp => Argument("min", double.NegativeInfinity) is { } low && Argument("max", double.PositiveInfinity) is { } high ? Clamp(low, high) : null,
            LayerKind.Power => Argument("exponent", 2) is { } exponent && exponent == Math.Floor(exponent) && exponent > 0
                ? new(z => Math.Pow(z, exponent), z => exponent * Math.Pow(z, exponent - 1)) : null,
            _ => null,
        };
    }

    public static ActivationFunction Identity { get; } = new(z => z, _ => 1);

    /// <summary>σ(z), with its slope.</summary>
    public static ActivationFunction Sigmoid { get; } = new(Logistic, z => Logistic(z) * Logistic(-z));

    private static ActivationFunction Tanh { get; } = new(Math.Tanh, z => 1 - (Math.Tanh(z) * Math.Tanh(z)));

    private static ActivationFunction ReLU { get; } = LeakyReLU(0);

    private static ActivationFunction ReLU6 { get; } = Clamp(0, 6);

    private static ActivationFunction SELU { get; } = ExponentialLinear(SeluAlpha, SeluScale, 1);

    public static ActivationFunction LeakyReLU(double slope) => new(z => z > 0 ? z : slope * z, z => z > 0 ? 1 : slope, 0);

    private static ActivationFunction GELU { get; } = new(
        z => z * NormalDistribution.Cumulative(z),
        z => NormalDistribution.Cumulative(z) + (z * NormalDistribution.Density(z)));

    private static ActivationFunction SiLU { get; } = new(
        z => z * Logistic(z),
        z => Logistic(z) * (1 + (z * Logistic(-z))));

    private static ActivationFunction Mish { get; } = new(
        z => z * Math.Tanh(SoftplusOf(z)),
        z =>
        {
            var t = Math.Tanh(SoftplusOf(z));
            return t + (z * (1 - (t * t)) * Logistic(z));
        });

    /// <summary>scale·z above 0, scale·alpha·(exp(z/width) − 1) below.</summary>
    private static ActivationFunction ExponentialLinear(double alpha, double scale, double width) => new(
        z => z > 0 ? scale * z : scale * alpha * (Math.Exp(z / width) - 1),
        z => z > 0 ? scale : scale * alpha / width * Math.Exp(z / width),
        0);

    private static ActivationFunction Clamp(double low, double high) =>
        new(z => Math.Min(Math.Max(z, low), high), z => z > low && z < high ? 1 : 0, low, high);

    internal static double Logistic(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    /// <summary>log(1 + exp(z)) without overflow.</summary>
    private static double SoftplusOf(double z) => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)));
}
