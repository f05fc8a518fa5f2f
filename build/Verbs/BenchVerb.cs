using System.CommandLine;
using GradLint.Build.Setup;

namespace GradLint.Build.Verbs;

/// <summary>Runs tests/Benchmarks.</summary>
internal static class BenchVerb
{
    public static Command Create(SetupOptions setup)
    {
        var arguments = new Argument<string[]>("arguments") { Description = "Passed on to the benchmarks; put them after '--'.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("bench", "Runs tests/Benchmarks, in Release.") { arguments };
        command.SetAction(parsed =>
        {
            setup.Prepare(parsed);
            return Shell.Run(Shell.Dotnet, ["run", "--configuration", "Release", "--project", Repository.At("tests", "Benchmarks"), "--", .. parsed.GetValue(arguments) ?? []]);
        });
        return command;
    }
}
