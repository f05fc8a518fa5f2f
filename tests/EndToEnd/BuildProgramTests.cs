using GradLint.Build;

namespace GradLint.EndToEnd;

public sealed class BuildProgramTests
{
    [Fact]
    public void Help_NamesEveryVerb()
    {
        var help = BuildProgram.Run("--help");

        Assert.Equal(0, help.ExitCode);
        Assert.All(["demo", "test", "pack", "bench", "accuracy", "docs", "fixes"], verb => Assert.Contains(help.Lines, line => line.TrimStart().StartsWith(verb, StringComparison.Ordinal)));
    }

    [Fact]
    public void IndexOfRules_IsUpToDate()
    {
        var check = BuildProgram.Run("docs", "--check");

        Assert.True(check.ExitCode == 0, string.Join('\n', check.Lines));
    }

    [Theory]
    [InlineData("tset", "'tset'", "--help")]
    [InlineData("test --torchsharp Elsewhere", "'Elsewhere'", "--torchsharp")]
    [InlineData("", "command", "--help")]
    public void WrongCommandLine_IsOneErrorLine(string arguments, string what, string where) =>
        BuildProgram.AssertFails(BuildProgram.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)), what, where);

    [Fact]
    public void WrongChoiceInTheEnvironment_IsOneErrorLine() =>
        BuildProgram.AssertFails(BuildProgram.Run(new Dictionary<string, string> { ["TorchSharpSource"] = "Elsewhere" }, "pack"), "TorchSharpSource", "'Elsewhere'", "StandIn");

    [Fact]
    public void NoCompilerAndNoAptGet_NamesWhatIsMissing()
    {
        using var tools = new TemporaryFolder();
        tools.Tool("dpkg-query", "case \"$4\" in g++) echo not-installed;; *) echo installed;; esac");

        BuildProgram.AssertFails(RunWithTools(tools), "g++ missing", "no apt-get", "TorchSharp-cpu");
    }

    [Fact]
    public void AptGetWithoutNetwork_SaysWhatToRun()
    {
        using var tools = new TemporaryFolder();
        tools.Tool("dpkg-query", "echo not-installed");
        tools.Tool("apt-cache", "echo '  Candidate: 1.0'");
        foreach (var name in (string[])["apt-get", "sudo"])
            tools.Tool(name, "echo 'E: Unable to connect' >&2; exit 100");
        tools.Tool("env", "shift; exec \"$@\"");

        BuildProgram.AssertFails(RunWithTools(tools), "apt-get update && apt-get install -y libtorch-dev libopenblas0-pthread g++");
    }

    [Fact]
    public void UnreachableFeed_IsOneErrorLine_AndLeavesTheSelectionAlone()
    {
        using var home = new TemporaryFolder();
        // A closed port: refused at once.
        home.Write(".nuget/NuGet/NuGet.Config", """
            <configuration>
              <packageSources>
                <clear />
                <add key="closed" value="http://127.0.0.1:9/index.json" allowInsecureConnections="true" />
              </packageSources>
            </configuration>
            """);
        var selection = Repository.At("build", "PackageSelection.g.props");
        var before = File.Exists(selection) ? File.ReadAllText(selection) : null;

        var run = BuildProgram.Run(new Dictionary<string, string>
        {
            ["HOME"] = home.Path,
            ["DOTNET_CLI_HOME"] = home.Path,
            ["NUGET_PACKAGES"] = Path.Combine(home.Path, "packages"),
            ["NUGET_HTTP_CACHE_PATH"] = Path.Combine(home.Path, "cache"),
        }, "pack", "--probe");

        BuildProgram.AssertFails(run, "NU1301", "dotnet nuget list source", "--torchsharp StandIn");
        Assert.Equal(before, File.Exists(selection) ? File.ReadAllText(selection) : null);
    }

    /// <summary>Asks for the stand-in where nothing is on the PATH but what the test put there.</summary>
    private static Captured RunWithTools(TemporaryFolder tools)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The stand-in is for Linux.");
        return BuildProgram.Run(new Dictionary<string, string> { ["PATH"] = tools.Path }, "pack", "--torchsharp", "StandIn", "--roslyn-testing", "StandIn");
    }
}
