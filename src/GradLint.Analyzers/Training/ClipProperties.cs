using System.Globalization;

namespace GradLint.Analyzers.Training;

/// <summary>What the clipping rules tell their fixes.</summary>
public static class ClipProperties
{
    /// <summary>The norm to clip at, as a C# literal.</summary>
    public const string Norm = "clipNorm";

    internal static string Literal(double norm) => norm.ToString("0.0###########", CultureInfo.InvariantCulture);
}
