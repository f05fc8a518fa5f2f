using GradLint.Build;

namespace GradLint.EndToEnd;

/// <summary>The build program as its users start it, but already built.</summary>
internal static class BuildProgram
{
    public static Captured Run(params string[] arguments) => Run(new Dictionary<string, string>(), arguments);

    public static Captured Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Shell.Capture(Shell.Dotnet, ["exec", Repository.At("build", "bin", "Debug", "net10.0", "build.dll"), .. arguments], environment: environment);

    /// <summary>One line that begins with "error:" and says all of <paramref name="parts"/>; and an exit code that says so too.</summary>
    public static void AssertFails(Captured run, params string[] parts)
    {
        Assert.NotEqual(0, run.ExitCode);
        var error = Assert.Single(run.Lines, line => line.StartsWith("error:", StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, error));
        Assert.DoesNotContain("   at GradLint", run.Output);
    }
}
