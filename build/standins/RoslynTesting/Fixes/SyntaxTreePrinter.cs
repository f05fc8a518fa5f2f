using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Prints a syntax tree, one node or token a line, so that two trees can be compared as text.</summary>
internal sealed class SyntaxTreePrinter(Type syntaxKindType, bool includeTrivia)
{
    public string Print(SyntaxNode root)
    {
        var lines = new StringBuilder();
        Append(root, depth: 0, lines);
        return lines.ToString();
    }

    private void Append(SyntaxNodeOrToken nodeOrToken, int depth, StringBuilder lines)
    {
        lines.Append(' ', 2 * depth);
        if (nodeOrToken.AsNode() is { } node)
        {
            lines.AppendLine(Kind(node.RawKind));
            foreach (var child in node.ChildNodesAndTokens())
                Append(child, depth + 1, lines);
            return;
        }

        var token = nodeOrToken.AsToken();
        lines.AppendLine($"{Kind(token.RawKind)} {Escape(token.Text)}");
        if (includeTrivia)
        {
            Append("leading", token.LeadingTrivia, depth + 1, lines);
            Append("trailing", token.TrailingTrivia, depth + 1, lines);
        }
    }

    private void Append(string place, SyntaxTriviaList list, int depth, StringBuilder lines)
    {
        foreach (var trivia in list)
        {
            lines.Append(' ', 2 * depth);
            if (trivia.GetStructure() is { } structure)
            {
                lines.AppendLine($"{place} {Kind(trivia.RawKind)}");
                Append(structure, depth + 1, lines);
            }
            else
            {
                lines.AppendLine($"{place} {Kind(trivia.RawKind)} {Escape(trivia.ToString())}");
            }
        }
    }

    private string Kind(int rawKind) => Enum.ToObject(syntaxKindType, rawKind).ToString()!;

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\r", "\\r").Replace("\n", "\\n").Replace("\t", "\\t");
}
