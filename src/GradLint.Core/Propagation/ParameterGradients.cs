namespace GradLint.Core.Propagation;

/// <summary>A squared gradient norm by what it sums over: products within a sample, and between two.</summary>
internal readonly record struct SquaredNorm(double WithinSamples, double BetweenSamples)
{
    public double Total => Math.Max(WithinSamples + BetweenSamples, 0);

    public static SquaredNorm operator +(SquaredNorm a, SquaredNorm b) => new(a.WithinSamples + b.WithinSamples, a.BetweenSamples + b.BetweenSamples);

    public static SquaredNorm operator *(SquaredNorm a, double factor) => new(a.WithinSamples * factor, a.BetweenSamples * factor);
}

/// <summary>Squared gradient norms of the parameters, by their index in the model; a parameter used twice adds up.</summary>
internal sealed class ParameterGradients(int count)
{
    private readonly SquaredNorm?[] _squaredNorms = new SquaredNorm?[count];

    public SquaredNorm? SquaredNorm(int parameter) => _squaredNorms[parameter];

    public void Add(int parameter, SquaredNorm squaredNorm) =>
        _squaredNorms[parameter] = _squaredNorms[parameter] is { } sum ? sum + squaredNorm : squaredNorm;
}
