using System.Reflection;
using System.Text.RegularExpressions;
using GradLint.Analyzers.Framework;
using GradLint.Core.Rules;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.Framework;

/// <summary>What holds for every rule: its id, its page, its release line and the style of its texts.</summary>
public partial class ConsistencyTests
{
    private static readonly string[] AllIds = [.. new[] { typeof(RuleIds), typeof(RuntimeRuleIds) }
        .SelectMany(ids => ids.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)];

    public static TheoryData<string> Rules => [.. AllAnalyzers.Descriptors.Select(rule => rule.Id)];

    [Fact]
    public void Ids_AreUniqueAndWellFormed()
    {
        Assert.Equal(AllIds.Distinct(), AllIds);
        Assert.All(AllIds, id => Assert.Matches("^GL[0-7][0-9]{3}$", id));
    }

    [Fact]
    public void EveryRule_IsReportedByOneAnalyzer()
    {
        var reported = AllAnalyzers.Descriptors.Select(rule => rule.Id).ToArray();
        Assert.Equal(reported.Distinct(), reported);
        Assert.Subset(AllIds.ToHashSet(), reported.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRule_LinksToItsPage(string id) => Assert.Equal(HelpLinks.For(id), Rule(id).HelpLinkUri);

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRule_HasAPageThatAgreesWithIt(string id)
    {
        var path = Path.Combine(Repository.Root, "docs", "rules", $"{id}.md");
        Assert.True(File.Exists(path), $"docs/rules/{id}.md is missing; copy another rule's page and write this one's.");
        var page = File.ReadAllText(path);
        Assert.StartsWith($"# {id}: {Rule(id).Title}\n", page);
        Assert.Contains($"| Severity | {Rule(id).DefaultSeverity} |", page);
        Assert.Contains($"| Category | {Rule(id).Category} |", page);
        foreach (var section in new[] { "## Why", "## Example", "## Mended", "## When it stays silent" })
            Assert.Contains(section, page);
    }

    [Fact]
    public void EveryPage_HasARule()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "GL*.md").Select(Path.GetFileNameWithoutExtension);
        Assert.Subset(AllIds.ToHashSet(), pages.ToHashSet()!);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRule_HasAReleaseLine(string id)
    {
        var folder = Path.Combine(Repository.Root, "src", "GradLint.Analyzers");
        var releases = File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Unshipped.md")) + File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Shipped.md"));
        Assert.Contains($"\n{id} | {Rule(id).Category} | {Rule(id).DefaultSeverity} | {Rule(id).Title}\n", releases);
    }

    /// <summary>A message says what is wrong and what to do; a title is a noun phrase or sentence without a period.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryText_HasTheHouseStyle(string id)
    {
        var (title, message) = (Rule(id).Title.ToString(), Rule(id).MessageFormat.ToString());
        Assert.Matches("^[A-Z]", title);
        Assert.DoesNotMatch(@"[.!]$", title);
        Assert.DoesNotMatch(@"[.!]$", message);
        Assert.DoesNotMatch(VagueWords(), message);
        Assert.InRange(title.Length, 10, 80);
        Assert.InRange(message.Length, 20, 200);
    }

    [Fact]
    public void EverySetting_IsOnTheConfigurationPage()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        Assert.All(GradLintOptions.All, option => Assert.Contains($"| `{option.Key}` | {option.Range} | ", page));
        Assert.Equal(GradLintOptions.All.Count, page.Split('\n').Count(line => line.StartsWith("| `gradlint.", StringComparison.Ordinal)));
    }

    /// <summary>Ids say their category: GL1xxx are about activations and so on.</summary>
    [Fact]
    public void EveryThousand_IsOneCategory()
    {
        var categories = AllAnalyzers.Descriptors.GroupBy(rule => rule.Id[2]).Select(group => group.Select(rule => rule.Category).Distinct());
        Assert.All(categories, category => Assert.Single(category));
    }

    private static DiagnosticDescriptor Rule(string id) => AllAnalyzers.Descriptors.First(rule => rule.Id == id);

    [GeneratedRegex(@"\b(please|maybe|should probably|will not learn|bad)\b", RegexOptions.IgnoreCase)]
    private static partial Regex VagueWords();
}
