using System.Globalization;

namespace GradLint.Analyzers.Framework;

/// <summary>How messages write ratios: as far as a prediction is worth it, and the same in every culture.</summary>
public static class GradientFormat
{
    /// <summary><c>7E-10</c>, <c>0.004</c>, <c>0.14</c>, <c>0.6</c>, <c>3E+5</c>: one digit, two between 0.01 and 1 where they say more.</summary>
    public static string Ratio(double ratio) => ratio switch
    {
        0 => "0",
        < 1e-3 or >= 1e3 => ratio.ToString("0E+0", CultureInfo.InvariantCulture),
        < 0.01 => ratio.ToString("0.###", CultureInfo.InvariantCulture),
        < 10 => ratio.ToString("0.##", CultureInfo.InvariantCulture),
        _ => ratio.ToString("0", CultureInfo.InvariantCulture),
    };
}
