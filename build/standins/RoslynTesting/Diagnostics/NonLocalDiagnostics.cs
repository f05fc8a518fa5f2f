using System.Runtime.CompilerServices;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Diagnostics reported at the end of a compilation or for another file than the analysed one: the IDE offers no fix for them.</summary>
internal static class NonLocalDiagnostics
{
    private static readonly ConditionalWeakTable<Diagnostic, object> diagnostics = [];

    public static void Add(Diagnostic diagnostic) => diagnostics.TryAdd(diagnostic, diagnostics);

    public static bool Contains(Diagnostic diagnostic) => diagnostics.TryGetValue(diagnostic, out _);
}
