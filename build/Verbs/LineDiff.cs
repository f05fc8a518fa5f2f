namespace GradLint.Build.Verbs;

/// <summary>The difference of two texts as hunks of lines, each line led by ' ', '-' or '+'.</summary>
internal static class LineDiff
{
    private const int Context = 2;

    public static IEnumerable<string> Of(string before, string after)
    {
        var lines = Script(Lines(before), Lines(after));
        var shown = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines.Skip(i - Context).Take(Math.Min(i, Context) + Context + 1).Any(line => line[0] != ' '))
                continue;
            if (shown >= 0 && shown < i - 1)
                yield return "  ...";
            shown = i;
            yield return lines[i];
        }
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    /// <summary>All lines of both, those in common once, by the longest common subsequence.</summary>
    private static List<string> Script(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
            for (var j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var script = new List<string>();
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                script.Add(" " + before[i++]);
                j++;
            }
            else if (j == after.Length || i < before.Length && common[i + 1, j] >= common[i, j + 1])
                script.Add("-" + before[i++]);
            else
                script.Add("+" + after[j++]);
        }
        return script;
    }
}
