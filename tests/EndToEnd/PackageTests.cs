using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GradLint.EndToEnd;

/// <remarks>In a collection with all that builds in the repository: two builds of a project at a time are in each other's way.</remarks>
[Collection("Builds in the repository"), Trait("Speed", "slow")]
public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    [Fact]
    public void ThreePackages_AreMade() =>
        Assert.Equal(["GradLint", "GradLint.Runtime", "GradLint.Tool"], packages.Ids);

    [Fact]
    public void GradLint_HoldsTheCompilerComponents_AndNothingForTheProgram() =>
        Assert.Equal(
            ["README.md", "analyzers/dotnet/cs/GradLint.Analyzers.dll", "analyzers/dotnet/cs/GradLint.CodeFixes.dll", "analyzers/dotnet/cs/GradLint.Core.dll"],
            packages.Files("GradLint").Where(file => !file.StartsWith("build", StringComparison.Ordinal)));

    [Fact]
    public void GradLint_IsADevelopmentDependency_WithoutDependencies()
    {
        Assert.Equal("true", packages.Metadata("GradLint", "developmentDependency"));
        Assert.Empty(packages.Dependencies("GradLint"));
    }

    [Fact]
    public void Runtime_BringsCore_AndNeedsTorchSharpAndTheConsoleOnly()
    {
        Assert.Equal(
            ["README.md", "lib/net8.0/GradLint.Core.dll", "lib/net8.0/GradLint.Core.xml", "lib/net8.0/GradLint.Runtime.dll", "lib/net8.0/GradLint.Runtime.xml"],
            packages.Files("GradLint.Runtime"));
        Assert.Equal(["Spectre.Console 0.49.1", "TorchSharp 0.105.1"], packages.Dependencies("GradLint.Runtime"));
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
}
