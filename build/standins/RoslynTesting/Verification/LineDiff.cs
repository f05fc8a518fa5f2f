using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A diff of two texts by longest common subsequence of lines.</summary>
internal static class LineDiff
{
    /// <summary>One line a line of either text: <c>-</c> only in <paramref name="expected"/>, <c>+</c> only in <paramref name="actual"/>.</summary>
    public static string Render(string expected, string actual)
    {
        string[] before = SplitLines(expected);
        string[] after = SplitLines(actual);
        bool onlyLineEndingsDiffer = before.SequenceEqual(after);
        if (onlyLineEndingsDiffer)
        {
            before = SplitKeepingLineEndings(expected);
            after = SplitKeepingLineEndings(actual);
        }

        var result = new StringBuilder();
        foreach (var (mark, line) in Compare(before, after))
            result.Append(mark).AppendLine(line);
        return result.ToString();
    }

    private static IEnumerable<(char Mark, string Line)> Compare(string[] before, string[] after)
    {
        int[,] common = CommonSuffixLengths(before, after);
        int i = 0, j = 0;
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                yield return (' ', before[i]);
                i++;
                j++;
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return ('-', before[i++]);
            }
            else
            {
                yield return ('+', after[j++]);
            }
        }
    }

    /// <summary>[i, j]: the length of the longest common subsequence of <c>before[i..]</c> and <c>after[j..]</c>.</summary>
    private static int[,] CommonSuffixLengths(string[] before, string[] after)
    {
        var lengths = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int j = after.Length - 1; j >= 0; j--)
            {
                lengths[i, j] = before[i] == after[j]
                    ? lengths[i + 1, j + 1] + 1
                    : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        return lengths;
    }

    private static string[] SplitLines(string text) => text.Split(["\r\n", "\n", "\r"], StringSplitOptions.None);

    private static string[] SplitKeepingLineEndings(string text)
    {
        var lines = new List<string>();
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool endsLine = text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'));
            if (!endsLine)
                continue;
            lines.Add(text[start..(i + 1)]);
            start = i + 1;
        }

        lines.Add(text[start..]);
        return [.. lines.Select(line => line.Replace("\r", "<CR>").Replace("\n", "<LF>"))];
    }
}
