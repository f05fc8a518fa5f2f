using System.Text;

namespace GradLint.Build.Verbs;

/// <summary>The table of all rules, made from the head of each rule's page; tests hold these to the rules' descriptors.</summary>
internal static class RuleIndex
{
    public static string File => Repository.At("docs", "rules", "README.md");

    public static string Create()
    {
        var text = new StringBuilder("""
            # Rules

            Made by `dotnet run --project build -- docs` from the rules' pages.

            | rule | finds | category | severity |
            | --- | --- | --- | --- |

            """);
        foreach (var page in Directory.EnumerateFiles(Repository.At("docs", "rules"), "GL*.md").Order(StringComparer.Ordinal))
            text.Append(Row(page)).Append('\n');
        return text.ToString();
    }

    private static string Row(string page)
    {
        var lines = System.IO.File.ReadAllLines(page);
        var id = Path.GetFileNameWithoutExtension(page);
        var heading = $"# {id}: ";
        if (lines.Length == 0 || !lines[0].StartsWith(heading, StringComparison.Ordinal))
            throw new BuildFailure($"{Repository.Relative(page)} does not begin with '{heading}' and the rule's title; write it there");
        return $"| [{id}]({id}.md) | {lines[0][heading.Length..]} | {Cell("Category")} | {Cell("Severity")} |";

        string Cell(string name) =>
            lines.FirstOrDefault(line => line.StartsWith($"| {name} |", StringComparison.Ordinal))?.Split('|')[2].Trim()
            ?? throw new BuildFailure($"{Repository.Relative(page)} has no row '| {name} | … |' in its first table; add it");
    }
}
