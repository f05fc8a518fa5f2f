namespace GradLint.CodeFixes.Framework;

/// <summary>Syntax of C# 12's <c>[a, b]</c>, which Roslyn 4.5 has no names for.</summary>
internal static class CollectionExpressions
{
    public const int Kind = 9076;

    public const int ElementKind = 9077;
}
