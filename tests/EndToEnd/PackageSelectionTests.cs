using GradLint.Build;
using GradLint.Build.Verbs;

namespace GradLint.EndToEnd;

/// <summary>TorchSharp and the Roslyn testing library as packages, where the other tests have them as stand-ins.</summary>
[Collection("Builds in the repository")]
public sealed class PackageSelectionTests
{
    private static readonly string[] fromPackages = ["-p:TorchSharpSource=Package", "-p:RoslynTestingSource=Package"];

    [Fact, Trait("Speed", "slow")]
    public void Solution_BuildsFromPackages_AndItsTestsPass()
    {
        Assert.SkipUnless(
            File.Exists(Repository.At("build", "standins", "TorchSharp", "bin", "Debug", "net8.0", "libTorchSharpShim.so")),
            "The stand-ins are not built, so all is built from packages anyway.");
        using var folder = new TemporaryFolder();
        var feed = new StandInFeed(Path.Combine(folder.Path, "feed"));
        var packages = Path.Combine(folder.Path, "packages");
        var copy = RepositoryCopy.Make(Path.Combine(folder.Path, "repository"));

        // What the feed lacks, and it holds the stand-ins only, comes from the machine's package folder, which is read, not written.
        var build = Shell.Capture(
            Shell.Dotnet,
            ["build", "GradLint.sln", "--nologo", "--verbosity", "quiet", .. fromPackages, $"-p:RestoreSources={feed.Folder}", $"-p:RestorePackagesPath={packages}", $"-p:RestoreFallbackFolders={StandInFeed.PackageFolder()}"],
            copy);

        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal(StandInFeed.Ids.Select(id => id.ToLowerInvariant()).Order(), Directory.EnumerateDirectories(packages).Select(Path.GetFileName).Order());
        foreach (var (project, id) in new[] { ("StandIns.TorchSharp.Tests", "TorchSharp"), ("GradLint.Analyzers.Tests", "TorchSharp-cpu"), ("StandIns.RoslynTesting.Tests", "Microsoft.CodeAnalysis.CSharp.CodeFix.Testing") })
            AssertPackage(Path.Combine(copy, "tests", project, "obj", "project.assets.json"), id);
        AssertPasses(copy, "StandIns.RoslynTesting.Tests", folder);
        AssertPasses(copy, "StandIns.TorchSharp.Tests", folder);
    }

    [Theory]
    [InlineData("TorchSharpSource", "src/GradLint.Runtime")]
    [InlineData("RoslynTestingSource", "tests/GradLint.Analyzers.Tests")]
    public void WrongSource_SaysWhatIsAllowed_BeforeAnythingIsRestored(string property, string project)
    {
        var build = Shell.Capture(Shell.Dotnet, ["build", project, "--nologo", "--verbosity", "quiet", $"-p:{property}=Elsewhere"]);

        Assert.NotEqual(0, build.ExitCode);
        var errors = build.Lines.Where(line => line.Contains(": error", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Contains($"{property} is 'Elsewhere'; it takes Package or StandIn.", error));
    }

    private static void AssertPackage(string assetsFile, string id)
    {
        using var assets = System.Text.Json.JsonDocument.Parse(File.ReadAllText(assetsFile));
        var library = assets.RootElement.GetProperty("libraries").EnumerateObject().Single(entry => entry.Name.StartsWith(id + "/", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("package", library.Value.GetProperty("type").GetString());
    }

    private static void AssertPasses(string copy, string name, TemporaryFolder folder)
    {
        var result = TestProject.Run(Path.Combine(copy, "tests", name, name + ".csproj"), Path.Combine(folder.Path, name + ".xml"), fast: true, filter: null);
        Assert.Empty(result.Failures);
        Assert.NotEqual(0, result.Counts.Passed);
    }
}
