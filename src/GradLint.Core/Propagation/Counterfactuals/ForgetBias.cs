using System.Globalization;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>What the forget gates' bias of an LSTM starts from.</summary>
/// <param name="Constant">One value for all units; null where they are spread over a sequence.</param>
/// <param name="Steps">T: units remember for 1 to T steps, by log U(1, T − 1); null for one value.</param>
public sealed record ForgetBias(double? Constant, int? Steps)
{
    private const int LeastSteps = 4;

    /// <summary>1 and 2: Gers et al. 2000, Jozefowicz et al. 2015.</summary>
    public static ForgetBias Of(double value) => new(value, null);

    /// <summary>Tallec and Ollivier 2018; null for sequences too short to spread over.</summary>
    public static ForgetBias? Over(int steps) => steps < LeastSteps ? null : new(null, steps);

    public Initialization Initialization => Constant is { } value
        ? Explicit(InitializerKind.Constant, ("val", value))
        : Explicit(InitializerKind.LogUniform, ("low", 1.0), ("high", Steps!.Value - 1.0));

    /// <summary><c>2</c> or <c>log U(1, 49)</c>.</summary>
    public override string ToString() => Constant is { } value
        ? value.ToString(CultureInfo.InvariantCulture)
        : $"log U(1, {(Steps!.Value - 1).ToString(CultureInfo.InvariantCulture)})";

    private static Initialization Explicit(InitializerKind kind, params (string Name, double Value)[] arguments) =>
        new(kind, new(arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value)), IsExplicit: true, Origin.None);
}
