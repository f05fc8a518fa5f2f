using System.CommandLine;

namespace GradLint.Build.Verbs;

/// <summary>Writes what the documentation repeats of the rules' pages.</summary>
internal static class DocsVerb
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; fail when the index is not up to date." };
        var command = new Command("docs", "Writes docs/rules/README.md, the table of all rules, from the rules' pages.") { check };
        command.SetAction(parsed => Run(parsed.GetValue(check)));
        return command;
    }

    private static void Run(bool checkOnly)
    {
        var index = RuleIndex.Create();
        var name = Repository.Relative(RuleIndex.File);
        if (File.Exists(RuleIndex.File) && File.ReadAllText(RuleIndex.File) == index)
            Console.WriteLine($"{name} is up to date");
        else if (checkOnly)
            throw new BuildFailure($"{name} is not up to date with the rules' pages; run: dotnet run --project build -- docs");
        else
        {
            Repository.WriteAtomically(RuleIndex.File, index);
            Console.WriteLine($"{name} written");
        }
    }
}
