using System.IO.Compression;
using GradLint.Build;
using GradLint.Build.Setup;

namespace GradLint.EndToEnd;

/// <summary>A folder feed with the stand-ins under the ids and versions of the packages they stand for.</summary>
internal sealed class StandInFeed
{
    public StandInFeed(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        Pack("TorchSharp");
        Pack("RoslynTesting");
        Refer("TorchSharp-cpu", "TorchSharp");
        Refer("Microsoft.CodeAnalysis.CSharp.CodeRefactoring.Testing", "Microsoft.CodeAnalysis.CSharp.CodeFix.Testing");
    }

    public static IReadOnlyList<string> Ids { get; } =
        ["TorchSharp", "TorchSharp-cpu", "Microsoft.CodeAnalysis.CSharp.CodeFix.Testing", "Microsoft.CodeAnalysis.CSharp.CodeRefactoring.Testing"];

    public string Folder { get; }

    /// <summary>Where NuGet keeps the packages of this machine's builds.</summary>
    public static string PackageFolder()
    {
        var locals = Shell.Capture(Shell.Dotnet, ["nuget", "locals", "global-packages", "--list"]);
        return locals.Output.Trim()["global-packages: ".Length..];
    }

    private void Pack(string standIn)
    {
        var pack = Shell.Capture(Shell.Dotnet, ["pack", Repository.At("build", "standins", standIn), "--configuration", "Debug", "--no-build", "--output", Folder, "--nologo", "-p:TorchSharpSource=StandIn"]);
        Assert.True(pack.ExitCode == 0, pack.Output);
    }

    /// <summary>A package without content that brings another one.</summary>
    private void Refer(string id, string dependency)
    {
        var version = PackageFeed.Version(id);
        using var package = ZipFile.Open(Path.Combine(Folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var specification = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        specification.Write($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id>
                <version>{version}</version>
                <authors>end-to-end test</authors>
                <description>Brings {dependency}.</description>
                <dependencies>
                  <group targetFramework="net8.0">
                    <dependency id="{dependency}" version="{PackageFeed.Version(dependency)}" />
                  </group>
                </dependencies>
              </metadata>
            </package>
            """);
    }
}
