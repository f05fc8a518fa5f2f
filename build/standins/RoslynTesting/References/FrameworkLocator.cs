using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Finds frameworks and packages among what this machine already has.</summary>
internal static partial class FrameworkLocator
{
    private static readonly string packageCache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>
    /// The assembly files of <paramref name="targetFramework"/>; for .NET, of the lowest version at hand that is not
    /// older, which is a superset of it; as a last resort those of the framework that runs the test.
    /// </summary>
    public static IReadOnlyList<string> Find(string targetFramework)
    {
        var match = TargetFrameworkSyntax().Match(targetFramework);
        return match.Groups["family"].Value switch
        {
            "netstandard" when match.Groups["version"].Value == "2.0" => NetStandard20(),
            "net" or "netcoreapp" => Net(Version.Parse(match.Groups["version"].Value)) ?? RunningFramework(),
            _ => throw new InvalidOperationException($"Target framework '{targetFramework}' cannot be resolved without downloading it; use a .NET or netstandard2.0 one."),
        };
    }

    /// <summary>The assemblies of a package in the NuGet cache that fit <paramref name="targetFramework"/> best.</summary>
    public static IReadOnlyList<string> FindPackage(PackageIdentity package, string targetFramework)
    {
        string root = Path.Combine(packageCache, package.Id.ToLowerInvariant(), package.Version.ToLowerInvariant());
        if (!Directory.Exists(root))
            throw new InvalidOperationException($"Package {package.Id} {package.Version} is not in the NuGet cache '{packageCache}'; reference it from a project so that it is restored.");

        foreach (string assets in new[] { "ref", "lib" })
        {
            foreach (string framework in CompatibleFrameworks(targetFramework))
            {
                string[] files = Assemblies(Path.Combine(root, assets, framework));
                if (files.Length > 0)
                    return files;
            }
        }

        throw new InvalidOperationException($"Package {package.Id} {package.Version} has no assemblies for {targetFramework}.");
    }

    private static IReadOnlyList<string> NetStandard20()
    {
        string root = Path.Combine(packageCache, "netstandard.library");
        foreach (var (_, folder) in Versions(root).OrderByDescending(entry => entry.Version))
        {
            string[] files = Assemblies(Path.Combine(folder, "build", "netstandard2.0", "ref"));
            if (files.Length > 0)
                return files;
        }

        throw new InvalidOperationException($"netstandard2.0 is not on this machine: no NETStandard.Library below '{packageCache}'. Restore any netstandard2.0 project.");
    }

    private static IReadOnlyList<string>? Net(Version version)
    {
        string dotnetRoot = Path.GetFullPath(Path.Combine(RunningFrameworkFolder, "..", "..", ".."));
        string[] roots = [Path.Combine(packageCache, "microsoft.netcore.app.ref"), Path.Combine(dotnetRoot, "packs", "Microsoft.NETCore.App.Ref")];
        return roots
            .SelectMany(Versions)
            .Where(entry => entry.Version >= version)
            .OrderBy(entry => (entry.Version.Major, entry.Version.Minor))
            .Select(entry => Assemblies(Path.Combine(entry.Folder, "ref", $"net{entry.Version.Major}.{entry.Version.Minor}")))
            .FirstOrDefault(files => files.Length > 0);
    }

    private static IReadOnlyList<string> RunningFramework()
    {
        // Native libraries lie in the same folder, so managed ones are taken from the host's list.
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return [.. trusted.Split(Path.PathSeparator).Where(file => Path.GetDirectoryName(file) == RunningFrameworkFolder)];
    }

    private static string RunningFrameworkFolder { get; } = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private static IEnumerable<string> CompatibleFrameworks(string targetFramework)
    {
        yield return targetFramework;
        var match = TargetFrameworkSyntax().Match(targetFramework);
        if (match.Groups["family"].Value is "net" or "netcoreapp")
        {
            double version = double.Parse(match.Groups["version"].Value, CultureInfo.InvariantCulture);
            for (double lower = version - 1; lower >= 5; lower--)
                yield return string.Create(CultureInfo.InvariantCulture, $"net{lower:0.0}");
            yield return "netcoreapp3.1";
            yield return "netstandard2.1";
        }

        yield return "netstandard2.0";
    }

    private static IEnumerable<(Version Version, string Folder)> Versions(string root)
    {
        if (!Directory.Exists(root))
            yield break;
        foreach (string folder in Directory.GetDirectories(root))
        {
            if (Version.TryParse(Path.GetFileName(folder), out var version))
                yield return (version, folder);
        }
    }

    private static string[] Assemblies(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*.dll") : [];

    [GeneratedRegex(@"^(?<family>netstandard|netcoreapp|net)(?<version>[0-9]+\.[0-9]+)$")]
    private static partial Regex TargetFrameworkSyntax();
}
