using System.Runtime.CompilerServices;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What Roslyn knows of a diagnostic and does not tell publicly.</summary>
internal static class DiagnosticInternals
{
    /// <summary>The arguments of the diagnostic's message.</summary>
    public static IReadOnlyList<object?> GetArguments(this Diagnostic diagnostic) => Arguments(diagnostic);

    public static bool IsSuppressedByAnalyzer(this Diagnostic diagnostic)
        => diagnostic.IsSuppressed && suppressionInfo?.GetValue(diagnostic) is not null;

    private static readonly System.Reflection.PropertyInfo? suppressionInfo = typeof(Diagnostic).GetProperty(
        "ProgrammaticSuppressionInfo",
        System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Arguments")]
    private static extern IReadOnlyList<object?> Arguments(Diagnostic diagnostic);
}
