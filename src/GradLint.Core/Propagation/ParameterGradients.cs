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
    private readonly double[] _logScales = new double[count];

    /// <summary>ln of what the squared norms added from now on are multiplied by, so that they stay within the range of floating-point numbers.</summary>
    public double LogScale { get; set; }

    public SquaredNorm? SquaredNorm(int parameter) => _squaredNorms[parameter];

    /// <summary>ln of what the parameter's squared norm is multiplied by.</summary>
    public double LogScaleOf(int parameter) => _logScales[parameter];

    public void Add(int parameter, SquaredNorm squaredNorm)
    {
        if (_squaredNorms[parameter] is { } sum)
            _squaredNorms[parameter] = sum + (squaredNorm * Math.Exp(_logScales[parameter] - LogScale));
        else
            (_squaredNorms[parameter], _logScales[parameter]) = (squaredNorm, LogScale);
    }
}
