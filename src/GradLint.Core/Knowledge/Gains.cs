namespace GradLint.Core.Knowledge;

/// <summary>Gains of <c>torch.nn.init.calculate_gain</c>: what keeps the scale of a signal through a nonlinearity.</summary>
public static class Gains
{
    public const double Tanh = 5.0 / 3;

    /// <summary>The squared gain.</summary>
    /// <param name="nonlinearity">A member of <c>NonlinearityType</c>, by name.</param>
    /// <param name="slope">Of LeakyReLU for negative values; the others have none.</param>
    public static double Squared(string nonlinearity, double slope = 0) => nonlinearity switch
    {
        TorchSharpNames.Nonlinearities.ReLU => 2,
        TorchSharpNames.Nonlinearities.LeakyReLU => 2 / (1 + (slope * slope)),
        TorchSharpNames.Nonlinearities.Tanh => 25.0 / 9,
        _ => 1,
    };
}
