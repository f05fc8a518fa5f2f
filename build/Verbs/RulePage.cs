namespace GradLint.Build.Verbs;

/// <summary>The head of a rule's page in docs/rules; tests hold it to the rule's descriptor.</summary>
internal sealed class RulePage
{
    private readonly string file;
    private readonly string[] lines;

    private RulePage(string file)
    {
        this.file = file;
        lines = File.ReadAllLines(file);
        Id = Path.GetFileNameWithoutExtension(file);
        var heading = $"# {Id}: ";
        if (lines.Length == 0 || !lines[0].StartsWith(heading, StringComparison.Ordinal))
            throw new BuildFailure($"{Repository.Relative(file)} does not begin with '{heading}' and the rule's title; write it there");
        Title = lines[0][heading.Length..];
    }

    public string Id { get; }

    public string Title { get; }

    /// <returns>The pages of all rules, by id.</returns>
    public static IEnumerable<RulePage> All() =>
        Directory.EnumerateFiles(Repository.At("docs", "rules"), "GL*.md").Order(StringComparer.Ordinal).Select(file => new RulePage(file));

    /// <returns>What stands beside <paramref name="name"/> in the page's first table.</returns>
    public string Cell(string name) =>
        lines.FirstOrDefault(line => line.StartsWith($"| {name} |", StringComparison.Ordinal))?.Split('|')[2].Trim()
        ?? throw new BuildFailure($"{Repository.Relative(file)} has no row '| {name} | … |' in its first table; add it");
}
