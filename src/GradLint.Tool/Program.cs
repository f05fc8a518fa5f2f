using System.CommandLine;
using GradLint.Tool;
using GradLint.Tool.Predict;

var root = new RootCommand("Finds gradient-flow faults in TorchSharp code.")
{
    PredictCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine($"gradlint: {error.Message}");
    Console.Error.WriteLine("gradlint: see gradlint --help");
    return ExitCode.Usage;
}
return parsed.Invoke();
