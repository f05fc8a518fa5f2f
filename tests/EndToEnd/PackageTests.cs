using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using GradLint.Build;

namespace GradLint.EndToEnd;

/// <remarks>In a collection with all that builds in the repository: two builds of a project at a time are in each other's way.</remarks>
[Collection("Builds in the repository"), Trait("Speed", "slow")]
public sealed partial class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    [GeneratedRegex(@": ((?:warning|error) (?:\w+|: [^\[\n]*))", RegexOptions.Multiline)]
    private static partial Regex Finding { get; }

    [Fact]
    public void ThreePackages_AreMade() =>
        Assert.Equal(["GradLint", "GradLint.Runtime", "GradLint.Tool"], packages.Ids);

    [Fact]
    public void GradLint_HoldsTheCompilerComponents_AndNothingForTheProgram() =>
        Assert.Equal(
            [
                "README.md",
                "analyzers/dotnet/cs/GradLint.Analyzers.dll", "analyzers/dotnet/cs/GradLint.CodeFixes.dll", "analyzers/dotnet/cs/GradLint.Core.dll",
                "build/Advisory.globalconfig", "build/GradLint.targets", "build/None.globalconfig", "build/Strict.globalconfig",
            ],
            packages.Files("GradLint"));

    [Fact]
    public void GradLint_IsADevelopmentDependency_WithoutDependencies()
    {
        Assert.Equal("true", packages.Metadata("GradLint", "developmentDependency"));
        Assert.Empty(packages.Dependencies("GradLint"));
    }

    [Fact]
    public void Runtime_BringsCore_AndNeedsTorchSharpAndWhatItsSinksWriteWithOnly()
    {
        Assert.Equal(
            ["README.md", "lib/net8.0/GradLint.Core.dll", "lib/net8.0/GradLint.Core.xml", "lib/net8.0/GradLint.Runtime.dll", "lib/net8.0/GradLint.Runtime.xml"],
            packages.Files("GradLint.Runtime"));
        Assert.Equal(["Google.Protobuf 3.21.9", "Microsoft.Extensions.Logging.Abstractions 8.0.0", "Spectre.Console 0.49.1", "TorchSharp 0.105.1"], packages.Dependencies("GradLint.Runtime"));
    }

    [Theory]
    [InlineData("GradLint")]
    [InlineData("GradLint.Runtime")]
    [InlineData("GradLint.Tool")]
    public void Package_HasReadmeLicenceAndDescription(string id)
    {
        Assert.Equal("README.md", packages.Metadata(id, "readme"));
        Assert.Equal("MIT", packages.Metadata(id, "license"));
        Assert.NotEmpty(packages.Metadata(id, "description")!);
    }

    /// <summary>The compiler of the .NET 8 SDK must be able to load them: it brings newer ones of each, and no System.Composition for analyzers.</summary>
    [Theory]
    [InlineData("GradLint.Core")]
    [InlineData("GradLint.Analyzers")]
    [InlineData("GradLint.CodeFixes")]
    public void CompilerComponent_ReferencesNothingNewerThanItsHost(string assembly)
    {
        using var image = new PEReader(new MemoryStream(packages.Read("GradLint", $"analyzers/dotnet/cs/{assembly}.dll")));
        var metadata = image.GetMetadataReader();
        foreach (var reference in metadata.AssemblyReferences.Select(metadata.GetAssemblyReference))
        {
            var name = metadata.GetString(reference.Name);
            Assert.False(name.StartsWith("System.Composition", StringComparison.Ordinal), $"{assembly} references {name}");
            Assert.False(name == "TorchSharp", $"{assembly} references {name}");
            if (name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
                Assert.InRange(reference.Version, new Version(4, 0), new Version(4, 5, int.MaxValue, int.MaxValue));
            if (name == "System.Collections.Immutable")
                Assert.InRange(reference.Version, new Version(0, 0), new Version(6, 0, int.MaxValue, int.MaxValue));
        }
    }

    [Fact]
    public void Tool_InstallsAndExplainsItself()
    {
        using var folder = new TemporaryFolder();
        WriteFeed(folder);

        var install = Dotnet(folder, "tool", "install", "GradLint.Tool", "--version", packages.Version("GradLint.Tool"), "--tool-path", folder.Path);
        Assert.True(install.ExitCode == 0, install.Output);
        var help = Shell.Capture(Path.Combine(folder.Path, OperatingSystem.IsWindows() ? "gradlint.exe" : "gradlint"), ["--help"], folder.Path);

        Assert.Equal(0, help.ExitCode);
        Assert.Contains("predict", help.Output);
    }

    /// <summary>As a user has it: the analyzers from the package, over a model that is built against TorchSharp.</summary>
    [Fact]
    public void InstalledAnalyzers_ReportInAFreshProject_AsItsModeAsks()
    {
        using var folder = new TemporaryFolder();
        WriteFeed(folder);
        WriteFreshProject(folder);

        Assert.Equal("0: warning GL1001", Build(folder));
        Assert.Equal("0: warning GL1001", Build(folder, "-p:GradLintMode=Default"));
        Assert.Equal("0:", Build(folder, "-p:GradLintMode=Advisory"));
        Assert.Equal("0:", Build(folder, "-p:GradLintMode=None"));
        Assert.Equal("1: error GL1001", Build(folder, "-p:GradLintMode=Strict"));
        Assert.Equal("1: error : GradLintMode is 'Strickt'; it takes Default, Strict, Advisory or None.", Build(folder, "-p:GradLintMode=Strickt"));

        folder.Write(".editorconfig", """
            root = true
            [*.cs]
            dotnet_diagnostic.GL1001.severity = warning
            """);
        Assert.Equal("0: warning GL1001", Build(folder, "-p:GradLintMode=Strict"));
        Assert.Equal("0: warning GL1001", Build(folder, "-p:GradLintMode=None"));
    }

    private void WriteFreshProject(TemporaryFolder folder)
    {
        var standIn = Repository.At("build", "standins", "TorchSharp", "bin", "Debug", "net8.0", "TorchSharp.dll");
        var torchSharp = File.Exists(standIn) ? $"<Reference Include=\"{standIn}\" />" : "<PackageReference Include=\"TorchSharp\" Version=\"0.105.1\" />";
        folder.Write("Fresh.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="GradLint" Version="{packages.Version("GradLint")}" PrivateAssets="all" />
                {torchSharp}
              </ItemGroup>
            </Project>
            """);
        folder.Write("Model.cs", $$"""
            using static TorchSharp.torch.nn;

            public static class Model
            {
                public static object Create() => Sequential(
                    {{string.Join("\n        ", Enumerable.Range(1, 12).Select(i => $"(\"fc{i}\", Linear(64, 64)), (\"act{i}\", Sigmoid()),"))}}
                    ("head", Linear(64, 10)));
            }
            """);
    }

    /// <returns>The exit code, and what was found by kind and id; what has no id, whole.</returns>
    private static string Build(TemporaryFolder folder, params string[] arguments)
    {
        var build = Dotnet(folder, ["build", "--nologo", "--no-incremental", "-v", "q", .. arguments]);
        var findings = Finding.Matches(build.Output).Select(match => match.Groups[1].Value.Trim()).Distinct();
        return $"{build.ExitCode}: {string.Join(", ", findings)}".TrimEnd();
    }

    /// <summary>The packages of this test beside the configured sources, and a package folder of its own: what is packed here must not stay in the machine's.</summary>
    private void WriteFeed(TemporaryFolder folder) => folder.Write("NuGet.Config", $"""
        <configuration>
          <packageSources>
            <add key="packed" value="{packages.Folder}" />
          </packageSources>
        </configuration>
        """);

    private static Captured Dotnet(TemporaryFolder folder, params string[] arguments) =>
        Shell.Capture(Shell.Dotnet, arguments, folder.Path, new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(folder.Path, "packages") });
}
