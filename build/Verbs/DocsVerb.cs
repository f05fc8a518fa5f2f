using System.CommandLine;

namespace GradLint.Build.Verbs;

/// <summary>Writes what repeats the rules' pages: the table of rules and the presets of the package.</summary>
internal static class DocsVerb
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; fail when a file is not up to date." };
        var command = new Command("docs", "Writes the table of all rules (docs/rules/README.md) and the presets of GradLintMode from the rules' pages.") { check };
        command.SetAction(parsed => Run(parsed.GetValue(check)));
        return command;
    }

    private static void Run(bool checkOnly)
    {
        foreach (var (file, text) in RulePresets.Create().Prepend(RuleIndex.Create()))
        {
            var name = Repository.Relative(file);
            if (File.Exists(file) && File.ReadAllText(file) == text)
                Console.WriteLine($"{name} is up to date");
            else if (checkOnly)
                throw new BuildFailure($"{name} is not up to date with the rules' pages; run: dotnet run --project build -- docs");
            else
            {
                Repository.WriteAtomically(file, text);
                Console.WriteLine($"{name} written");
            }
        }
    }
}
