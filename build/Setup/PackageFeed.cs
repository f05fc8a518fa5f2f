using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GradLint.Build.Setup;

/// <summary>Asks the NuGet sources configured for this folder, through the ordinary client.</summary>
internal static partial class PackageFeed
{
    public static string Sources()
    {
        var listed = Shell.Capture(Shell.Dotnet, ["nuget", "list", "source", "--format", "Short"]);
        return listed.ExitCode == 0
            ? listed.Output
            : throw new BuildFailure($"the NuGet configuration cannot be read: {listed.Lines.First()}");
    }

    /// <summary>The version of a package that Directory.Packages.props pins.</summary>
    public static string Version(string package) =>
        XDocument.Load(Repository.At("Directory.Packages.props")).Descendants("PackageVersion")
            .FirstOrDefault(pin => (string?)pin.Attribute("Include") == package)?.Attribute("Version")?.Value
        ?? throw new BuildFailure($"Directory.Packages.props does not pin {package}; add a PackageVersion for it");

    /// <summary>Whether the sources have the pinned version and all it depends on. Restores it, so that what is served is also there.</summary>
    public static bool Serves(string package)
    {
        var version = Version(package);
        Console.WriteLine($"asking the NuGet sources for {package} {version} ...");
        var folder = Repository.EmptyArtifacts("probe", package);
        // Of its own, so that nothing of the repository but its NuGet.Config reaches the question.
        foreach (var inherited in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            File.WriteAllText(Path.Combine(folder, inherited), "<Project />");
        File.WriteAllText(Path.Combine(folder, "probe.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
              </ItemGroup>
            </Project>
            """);

        var restore = Shell.Capture(Shell.Dotnet, ["restore", "--nologo", "--verbosity", "quiet"], folder);
        Directory.Delete(folder, recursive: true);
        if (restore.ExitCode == 0)
            return true;
        var errors = restore.Lines.Select(line => NuGetError().Match(line)).Where(match => match.Success).ToArray();
        if (errors.Length > 0 && errors.All(error => error.Groups["code"].Value is "NU1101" or "NU1102" or "NU1103"))
            return false;
        var reason = errors.FirstOrDefault(error => error.Groups["code"].Value is not ("NU1101" or "NU1102" or "NU1103"))?.Value
            ?? restore.Lines.FirstOrDefault(line => line.Length > 0) ?? "no message";
        throw new BuildFailure($"the NuGet sources do not answer: {reason}; look at the network and at 'dotnet nuget list source', " +
            "or choose without asking: --torchsharp StandIn --roslyn-testing StandIn");
    }

    [GeneratedRegex(@"(?<code>NU\d{4}): .*")]
    private static partial Regex NuGetError();
}
