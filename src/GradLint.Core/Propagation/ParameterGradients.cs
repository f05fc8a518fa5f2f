namespace GradLint.Core.Propagation;

/// <summary>Squared gradient norms of the parameters, by their index in the model; a parameter used twice adds up.</summary>
internal sealed class ParameterGradients(int count)
{
    private readonly double?[] _squaredNorms = new double?[count];

    public double? SquaredNorm(int parameter) => _squaredNorms[parameter];

    public void Add(int parameter, double squaredNorm) =>
        _squaredNorms[parameter] = (_squaredNorms[parameter] ?? 0) + squaredNorm;
}
