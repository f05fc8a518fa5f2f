using System.CommandLine;
using GradLint.Build.Setup;

namespace GradLint.Build.Verbs;

/// <summary>Runs tests/Benchmarks.</summary>
internal static class BenchVerb
{
    public static Command Create(SetupOptions setup)
    {
        var arguments = new Argument<string[]>("arguments") { Description = "runtime [MODEL ...] [--rounds N] [--wall], or arguments for BenchmarkDotNet.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("bench", "Runs tests/Benchmarks, in Release; 'bench runtime' measures what the monitor costs a training step and fails above the bars.") { arguments };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            setup.Prepare(parsed);
            return Shell.Run(Shell.Dotnet, ["run", "--configuration", "Release", "--project", Repository.At("tests", "Benchmarks"), "--", .. parsed.GetValue(arguments) ?? [], .. parsed.UnmatchedTokens]);
        });
        return command;
    }
}
