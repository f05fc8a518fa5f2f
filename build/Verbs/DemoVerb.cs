using System.CommandLine;
using GradLint.Build.Setup;

namespace GradLint.Build.Verbs;

/// <summary>Predict, fix, verify on real data: what GradLint says of a sample, what its fix changes, and what training then measures.</summary>
internal static class DemoVerb
{
    private const string Sample = "DeepSigmoidDigits";
    private const string Rule = "GL1001";

    public static Command Create(SetupOptions setup)
    {
        var command = new Command("demo", $"Builds samples/{Sample}, applies the fix that GradLint offers for it, trains both and compares.");
        command.SetAction(parsed =>
        {
            setup.Prepare(parsed);
            Run();
        });
        return command;
    }

    private static void Run()
    {
        Repository.EmptyArtifacts("demo");
        var before = SampleCopy.Create(Sample, "before");
        var after = SampleCopy.Create(Sample, "after");

        Title($"Predict: GradLint in the compiler's output for {Sample}");
        var findings = before.Build();
        if (!findings.Any(finding => finding.Contains(Rule, StringComparison.Ordinal)))
            throw new BuildFailure($"the compiler reported no {Rule} for samples/{Sample}, so there is nothing to fix");

        Title($"Fix: dotnet format analyzers --diagnostics {Rule}");
        after.Fix(Rule);
        ShowDifference(before, after);
        Console.WriteLine();
        Console.WriteLine(after.Build().Length == 0 ? "After it: no finding is left." : "After it: the findings above are left.");

        Title("Verify: train before the fix");
        var measuredBefore = before.Train();
        Title("Verify: train after the fix");
        var measuredAfter = after.Train();

        Title("Gradient that reaches each layer, before training");
        GradientTable.Write(GradientPrediction.Of(before), measuredBefore, GradientPrediction.Of(after), measuredAfter);
        Console.WriteLine();
        Console.WriteLine($"accuracy before: {measuredBefore.Accuracy * 100:F1} %, after: {measuredAfter.Accuracy * 100:F1} %");
    }

    private static void ShowDifference(SampleCopy before, SampleCopy after)
    {
        var changed = false;
        foreach (var file in Directory.EnumerateFiles(before.Folder, "*.cs").Order(StringComparer.Ordinal))
        {
            var counterpart = Path.Combine(after.Folder, Path.GetFileName(file));
            var (old, @new) = (File.ReadAllText(file), File.ReadAllText(counterpart));
            if (old == @new)
                continue;
            changed = true;
            Console.WriteLine(Path.GetFileName(file));
            foreach (var line in LineDiff.Of(old, @new))
                Console.WriteLine(line);
        }
        if (!changed)
            throw new BuildFailure($"dotnet format changed nothing in {Repository.Relative(after.Folder)}: the fix of {Rule} does not apply");
    }

    private static void Title(string text) => Console.WriteLine($"{Environment.NewLine}== {text}");
}
