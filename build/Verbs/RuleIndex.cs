using System.Text;

namespace GradLint.Build.Verbs;

/// <summary>The table of all rules, made from the head of each rule's page.</summary>
internal static class RuleIndex
{
    /// <returns>Path and text of the table.</returns>
    public static (string File, string Text) Create()
    {
        var text = new StringBuilder("""
            # Rules

            Made by `dotnet run --project build -- docs` from the rules' pages.

            | rule | finds | category | severity |
            | --- | --- | --- | --- |

            """);
        foreach (var page in RulePage.All())
            text.Append($"| [{page.Id}]({page.Id}.md) | {page.Title} | {page.Cell("Category")} | {page.Cell("Severity")} |\n");
        return (Repository.At("docs", "rules", "README.md"), text.ToString());
    }
}
