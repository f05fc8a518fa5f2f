using System.CommandLine;
using GradLint.Build.Setup;

namespace GradLint.Build.Verbs;

/// <summary>Runs tests/Accuracy: predictions from C# text against measured gradients, and the monitor's findings against planted faults.</summary>
internal static class AccuracyVerb
{
    public static Command Create(SetupOptions setup)
    {
        var arguments = new Argument<string[]>("arguments") { Description = "Passed on: --seed N --count N --seeds K --family NAME --verbose, or runtime --seeds N.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("accuracy", "Compares predicted with measured gradients on random models of every family; 'accuracy runtime' runs the monitor on programs with a planted fault and on healthy ones. Fails below the bars.") { arguments };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            setup.Prepare(parsed);
            return Shell.Run(Shell.Dotnet, ["run", "--configuration", "Release", "--project", Repository.At("tests", "Accuracy"), "--", .. parsed.GetValue(arguments) ?? [], .. parsed.UnmatchedTokens]);
        });
        return command;
    }
}
