using System.Text;

namespace GradLint.Build.Verbs;

/// <summary>The severities that GradLintMode gives every rule, as global analyzer configs of the package GradLint.</summary>
internal static class RulePresets
{
    /// <returns>Path and text of each preset.</returns>
    public static IEnumerable<(string File, string Text)> Create() =>
    [
        Preset("Strict", "warnings fail the build, hints are warnings", severity => severity == "Warning" ? "error" : "warning"),
        Preset("Advisory", "nothing is more than a hint", _ => "suggestion"),
        Preset("None", "only what the project's own configuration switches on", _ => "none"),
    ];

    private static (string File, string Text) Preset(string mode, string meaning, Func<string, string> severity)
    {
        var text = new StringBuilder($"""
            # GradLintMode={mode}: {meaning}.
            # Made by `dotnet run --project build -- docs` from the rules' pages.
            is_global = true
            global_level = -100


            """);
        foreach (var page in RulePage.All())
            text.Append($"dotnet_diagnostic.{page.Id}.severity = {severity(page.Cell("Severity"))}\n");
        return (Repository.At("src", "GradLint.CodeFixes", "Presets", $"{mode}.globalconfig"), text.ToString());
    }
}
