using System.Xml.Linq;

namespace GradLint.Build.Verbs;

internal readonly record struct TestCounts(int Passed, int Failed, int Skipped)
{
    /// <summary>A skipped test did not run.</summary>
    public int Ran => Passed + Failed;

    public static TestCounts operator +(TestCounts a, TestCounts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);
}

internal sealed record TestMessage(string Name, string Message);

internal sealed record TestProjectResult(TestCounts Counts, IReadOnlyList<TestMessage> Failures, IReadOnlyList<TestMessage> Skips);

/// <summary>Runs one xunit.v3 test project, which is an executable, and reads the results file it leaves.</summary>
internal static class TestProject
{
    public static TestProjectResult Run(string project, string resultsFile, bool fast, string? filter)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var assembly = Path.Combine(Path.GetDirectoryName(project)!, "bin", "Debug", "net10.0", name + ".dll");
        List<string> arguments = ["exec", assembly, "-noLogo", "-noColor", "-noAutoReporters", "-reporter", "quiet", "-xml", resultsFile];
        if (fast)
            arguments.AddRange(["-trait-", "Speed=slow"]);
        if (filter is not null)
            arguments.AddRange(["-method", $"*{filter}*"]);

        var run = Shell.Capture(Shell.Dotnet, arguments, Path.GetDirectoryName(assembly));
        var result = File.Exists(resultsFile) ? Read(resultsFile) : new(default, [], []);
        // A run that died, or that failed outside of any test, must not pass for one without failures.
        if (run.ExitCode != 0 && result.Counts.Failed == 0)
        {
            var lastLines = string.Join('\n', run.Lines.Where(line => line.Length > 0).TakeLast(20));
            result = new(result.Counts + new TestCounts(0, 1, 0), [new(name, $"the test program ended with exit code {run.ExitCode}\n{lastLines}")], result.Skips);
        }
        return result;
    }

    public static TestProjectResult Read(string resultsFile)
    {
        XDocument document;
        try
        {
            document = XDocument.Load(resultsFile);
        }
        catch (System.Xml.XmlException)
        {
            return new(default, [], []);
        }

        var tests = document.Descendants("test").ToLookup(test => (string?)test.Attribute("result"));
        // Failures of fixtures and clean-ups, which belong to no test.
        var errors = document.Descendants("error").ToArray();
        return new(
            new(tests["Pass"].Count(), tests["Fail"].Count() + errors.Length, tests["Skip"].Count()),
            [.. tests["Fail"].Concat(errors).Select(test => Message(test, Failure(test)))],
            [.. tests["Skip"].Select(test => Message(test, (string?)test.Element("reason")))]);
    }

    private static string Failure(XElement test) =>
        $"{(string?)test.Element("failure")?.Element("message")}\n{(string?)test.Element("failure")?.Element("stack-trace")}".TrimEnd();

    private static TestMessage Message(XElement test, string? message) => new(Unescape((string?)test.Attribute("name")), Unescape(message));

    /// <summary>The runner writes quotes and backslashes as C# does.</summary>
    private static string Unescape(string? text) => (text ?? "").Replace("\\\"", "\"").Replace(@"\\", @"\");
}
