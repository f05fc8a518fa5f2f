namespace GradLint.Core.Rules;

/// <summary>The page of each rule, docs/rules/GLxxxx.md, as published.</summary>
public static class HelpLinks
{
    private const string RulePages = "https://github.com/gradlint/gradlint/blob/main/docs/rules/";

    public static string For(string ruleId) => $"{RulePages}{ruleId}.md";
}
