using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>How a weight matrix's entries are distributed, as far as the propagation needs it.</summary>
/// <param name="Mean">Mean of an entry.</param>
/// <param name="Variance">Variance of an entry.</param>
/// <param name="Structure">What binds the entries to each other.</param>
internal readonly record struct WeightDistribution(double Mean, double Variance, WeightStructure Structure = WeightStructure.Independent)
{
    /// <summary>E[w²].</summary>
    public double SecondMoment => Variance + (Mean * Mean);

    /// <summary>Of a weight or bias of the given shape; null when its initialisation cannot be read.</summary>
    /// <param name="initialization">How it is drawn.</param>
    /// <param name="shape">Its sizes: [out, in, kernel…] for matrices.</param>
    /// <param name="fanIn">Of the layer the parameter belongs to: what a bias's default depends on.</param>
    public static WeightDistribution? Of(Initialization initialization, IReadOnlyList<double> shape, double fanIn)
    {
        if (initialization.Rows.Count > 0) return Mixed(initialization, shape, fanIn);
        double? Argument(string name, double otherwise) =>
            initialization.Arguments.IsUnknown(name) ? null : initialization.Arguments.Number(name) ?? otherwise;

        var isMatrix = shape.Count >= 2;
        var receptiveField = shape.Skip(2).Aggregate(1.0, (product, size) => product * size);
        var weightFanIn = isMatrix ? shape[1] * receptiveField : fanIn;
        var weightFanOut = isMatrix ? shape[0] * receptiveField : fanIn;

        switch (initialization.Kind)
        {
            case InitializerKind.Zeros:
                return new(0, 0, WeightStructure.Constant);
            case InitializerKind.Ones:
                return new(1, 0, WeightStructure.Constant);
            case InitializerKind.Constant:
                return Argument("val", 0) is { } value ? new(value, 0, WeightStructure.Constant) : null;
            case InitializerKind.Eye or InitializerKind.Dirac:
                return new(0, 1 / weightFanIn, WeightStructure.Identity);
            case InitializerKind.Uniform:
                return Argument("low", 0) is { } low && Argument("high", 1) is { } high ? new((low + high) / 2, (high - low) * (high - low) / 12) : null;
            case InitializerKind.Normal:
                return Argument("mean", 0) is { } mean && Argument("std", 1) is { } std ? new(mean, std * std) : null;
            case InitializerKind.LogUniform:
                return Argument("low", double.NaN) is { } least && Argument("high", double.NaN) is { } most && least > 0 && least < most ? LogUniform(least, most) : null;
            case InitializerKind.TruncatedNormal:
                return Truncated(Argument("mean", 0), Argument("std", 1), Argument("a", -2), Argument("b", 2));
            case InitializerKind.XavierUniform or InitializerKind.XavierNormal when isMatrix:
                return Argument("gain", 1) is { } gain ? new(0, gain * gain * 2 / (weightFanIn + weightFanOut)) : null;
            case InitializerKind.KaimingUniform or InitializerKind.KaimingNormal when isMatrix:
                return Argument("a", 0) is { } slope && Kaiming(initialization, slope, weightFanIn, weightFanOut) is { } variance ? new(0, variance) : null;
            case InitializerKind.Orthogonal when isMatrix:
                return Argument("gain", 1) is { } scale
                    ? new(0, scale * scale / Math.Max(shape[0], weightFanIn), WeightStructure.Orthogonal) : null;
            case InitializerKind.Sparse when isMatrix:
                return Argument("sparsity", double.NaN) is { } sparsity && !double.IsNaN(sparsity) && Argument("std", 0.01) is { } deviation
                    ? new(0, (1 - sparsity) * deviation * deviation) : null;
            case InitializerKind.DefaultFanIn or InitializerKind.DefaultHidden:
                return new(0, 1 / (3 * (initialization.Kind == InitializerKind.DefaultHidden ? fanIn : weightFanIn)));
            default:
                return null;
        }
    }

    /// <summary>Over all rows, when some are drawn differently.</summary>
    private static WeightDistribution? Mixed(Initialization initialization, IReadOnlyList<double> shape, double fanIn)
    {
        var rest = 1 - initialization.Rows.Sum(row => row.Range.To - row.Range.From);
        var parts = initialization.Rows.Select(row => (Share: row.Range.To - row.Range.From, Of: Of(row.Initialization, shape, fanIn)))
            .Append((Share: rest, Of: Of(initialization with { Rows = [] }, shape, fanIn))).ToArray();
        if (parts.Any(part => part.Of is null)) return null;
        var mean = parts.Sum(part => part.Share * part.Of!.Value.Mean);
        return new(mean, parts.Sum(part => part.Share * part.Of!.Value.SecondMoment) - (mean * mean));
    }

    /// <summary>With u uniform on [a, b]: E[ln u] and E[ln² u] from the antiderivatives u·ln u − u and u·ln² u − 2u·ln u + 2u.</summary>
    private static WeightDistribution LogUniform(double a, double b)
    {
        double First(double u) => (u * Math.Log(u)) - u;
        double Second(double u) => (u * Math.Log(u) * Math.Log(u)) - (2 * First(u));
        var mean = (First(b) - First(a)) / (b - a);
        return new(mean, ((Second(b) - Second(a)) / (b - a)) - (mean * mean));
    }

    /// <summary>gain²/fan with TorchSharp's gains; the nonlinearity defaults to leaky ReLU of slope a.</summary>
    private static double? Kaiming(Initialization initialization, double slope, double fanIn, double fanOut)
    {
        if (initialization.Arguments.IsUnknown("nonlinearity") || initialization.Arguments.IsUnknown("mode")) return null;
        var gainSquared = Gains.Squared(initialization.Arguments.Text("nonlinearity") ?? TorchSharpNames.Nonlinearities.LeakyReLU, slope);
        return gainSquared / (initialization.Arguments.Text("mode") == "FanOut" ? fanOut : fanIn);
    }

    /// <summary>
    /// Of TorchSharp's trunc_normal_, which has mean and deviation the wrong way round: a standard normal z cut to the bounds becomes
    /// z·mean/√2 + std, so that without a mean every entry is <paramref name="std"/>. Null where the last cut to [low, high] would matter.
    /// </summary>
    private static WeightDistribution? Truncated(double? mean, double? std, double? low, double? high)
    {
        if (mean is not { } m || std is not { } s || low is not { } a || high is not { } b || s <= 0 || a >= b) return null;
        if (m == 0) return new(Math.Min(Math.Max(s, a), b), 0, WeightStructure.Constant);

        double alpha = (a - m) / s, beta = (b - m) / s, scale = m / Math.Sqrt(2);
        var mass = NormalDistribution.Cumulative(beta) - NormalDistribution.Cumulative(alpha);
        if (mass <= 0) return null;
        double first = s + (scale * Math.Max(alpha, -4)), last = s + (scale * Math.Min(beta, 4));
        if (Math.Min(first, last) < a || Math.Max(first, last) > b) return null;
        double atLow = NormalDistribution.Density(alpha), atHigh = NormalDistribution.Density(beta);
        var shift = (atLow - atHigh) / mass;
        return new(s + (scale * shift), scale * scale * (1 + (((alpha * atLow) - (beta * atHigh)) / mass) - (shift * shift)));
    }
}

/// <summary>What binds the entries of a weight matrix to each other.</summary>
internal enum WeightStructure
{
    Independent,

    /// <summary>Orthonormal rows or columns times a gain: lengths are kept exactly.</summary>
    Orthogonal,

    /// <summary>The identity: features keep their places, no mixing.</summary>
    Identity,

    /// <summary>All entries equal.</summary>
    Constant,
}
