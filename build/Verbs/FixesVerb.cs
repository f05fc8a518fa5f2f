using System.CommandLine;
using GradLint.Build.Setup;

namespace GradLint.Build.Verbs;

/// <summary>Runs tests/Proof and writes what it measured into the documentation.</summary>
internal static class FixesVerb
{
    public static Command Create(SetupOptions setup)
    {
        var command = new Command("fixes", "Mends faulty models with every fix, measures and trains them before and after, and writes docs/fixes.md (takes minutes).");
        command.SetAction(parsed =>
        {
            setup.Prepare(parsed);
            return Shell.Run(Shell.Dotnet,
            [
                "run", "--configuration", "Release", "--project", Repository.At("tests", "Proof"), "--",
                "--write", Repository.At("docs", "fixes.md"), "--data", Repository.At("samples", "data", "digits.csv.gz"),
            ]);
        });
        return command;
    }
}
