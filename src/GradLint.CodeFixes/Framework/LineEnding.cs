using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradLint.CodeFixes.Framework;

/// <summary>How the lines of a file end.</summary>
internal static class LineEnding
{
    /// <summary>As the first line does.</summary>
    public static SyntaxTrivia FirstOf(SyntaxNode root) => Written(root).FirstOrDefault() is { RawKind: not 0 } first ? first : SyntaxFactory.LineFeed;

    /// <summary>As every line does; null where they end in several ways, and none is known to be meant.</summary>
    public static SyntaxTrivia? OnlyOf(SyntaxNode root)
    {
        var endings = Written(root).Select(trivia => trivia.ToString()).Distinct().ToArray();
        return endings.Length == 1 ? SyntaxFactory.EndOfLine(endings[0]) : null;
    }

    /// <summary>The file with all lines ending alike.</summary>
    public static SyntaxNode Unified(SyntaxNode root, SyntaxTrivia ending)
    {
        var others = Written(root).Where(trivia => trivia.ToString() != ending.ToString()).ToArray();
        return others.Length == 0 ? root : root.ReplaceTrivia(others, (_, _) => ending);
    }

    private static IEnumerable<SyntaxTrivia> Written(SyntaxNode root) => root.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
}
