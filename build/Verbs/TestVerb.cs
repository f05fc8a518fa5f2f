using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using GradLint.Build.Setup;

namespace GradLint.Build.Verbs;

/// <summary>Builds the solution once and runs every test project.</summary>
internal static class TestVerb
{
    public static Command Create(SetupOptions setup)
    {
        var fast = new Option<bool>("--fast") { Description = "Leave out the tests marked Trait(\"Speed\", \"slow\")." };
        var filter = new Option<string?>("--filter") { Description = "Run only the tests whose full name (Namespace.Class.Method) contains this text." };
        var command = new Command("test", "Builds the solution and runs all tests. The last line is 'N passed, N failed, N skipped' over all test projects.") { fast, filter };
        command.SetAction(parsed =>
        {
            setup.Prepare(parsed);
            return Run(parsed.GetValue(fast), parsed.GetValue(filter));
        });
        return command;
    }

    private static int Run(bool fast, string? filter)
    {
        Console.WriteLine("building GradLint.sln ...");
        Shell.Compile("the solution does not build", "build", Repository.Solution);

        var results = Repository.EmptyArtifacts("test");
        var projects = Directory.EnumerateFiles(Repository.At("tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(IsTestProject).OrderBy(Path.GetFileName, StringComparer.Ordinal).ToArray();
        Console.WriteLine($"running {projects.Length} test projects ...");

        var output = new Lock();
        var total = new TestCounts();
        var running = new Dictionary<string, Stopwatch>();
        using var heartbeat = new Timer(_ =>
        {
            lock (output)
            {
                var slow = running.Where(entry => entry.Value.Elapsed.TotalSeconds > 20).Select(entry => $"{entry.Key} ({entry.Value.Elapsed.TotalSeconds:F0} s)").ToArray();
                if (slow.Length > 0)
                    Console.WriteLine($"  ... still running: {string.Join(", ", slow)}");
            }
        }, null, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));

        Parallel.ForEach(OneByOne(projects), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, project =>
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var watch = Stopwatch.StartNew();
            lock (output)
                running.Add(name, watch);
            var result = TestProject.Run(project, Path.Combine(results, name + ".xml"), fast, filter);
            lock (output)
            {
                running.Remove(name);
                total += result.Counts;
                Report(name, result, watch.Elapsed);
            }
        });

        if (total.Ran == 0)
            throw new BuildFailure(filter is null ? "no test ran" : $"no test ran: no test's full name contains '{filter}'");
        Console.WriteLine($"{total.Passed} passed, {total.Failed} failed, {total.Skipped} skipped");
        return total.Failed == 0 ? 0 : 1;
    }

    private static bool IsTestProject(string project) =>
        Path.GetFileNameWithoutExtension(project) is var name && (name.EndsWith("Tests", StringComparison.Ordinal) || name == "EndToEnd");

    /// <summary>Hands the projects out in their order; EndToEnd, which takes longest, is the first of them.</summary>
    private static OrderablePartitioner<string> OneByOne(string[] projects) => Partitioner.Create(projects, EnumerablePartitionerOptions.NoBuffering);

    private static void Report(string name, TestProjectResult result, TimeSpan time)
    {
        var counts = result.Counts;
        Console.WriteLine($"  {name}: {counts.Passed} passed, {counts.Failed} failed, {counts.Skipped} skipped ({time.TotalSeconds:F1} s)");
        foreach (var reason in result.Skips.GroupBy(skip => skip.Message))
        {
            Console.WriteLine($"    skipped: {reason.Key}");
            foreach (var skip in reason)
                Console.WriteLine($"      {skip.Name}");
        }
        foreach (var failure in result.Failures)
        {
            Console.WriteLine($"    FAILED {failure.Name}");
            foreach (var line in failure.Message.Split('\n'))
                Console.WriteLine($"      {line.TrimEnd()}");
        }
    }
}
