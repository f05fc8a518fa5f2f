namespace GradLint.Tool.Predict;

/// <summary>Finds a TorchSharp.dll for code without a project: in build output near it, or in the NuGet cache.</summary>
internal static class TorchSharpAssembly
{
    private const string FileName = "TorchSharp.dll";

    public static string? FindNear(string folder) => InBuildOutput(folder) ?? InPackages();

    private static string? InBuildOutput(string folder)
    {
        for (var directory = new DirectoryInfo(Path.GetFullPath(folder)); directory is not null; directory = directory.Parent)
        {
            var output = Path.Combine(directory.FullName, "bin");
            if (Directory.Exists(output) && Directory.EnumerateFiles(output, FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault() is { } built)
                return built;

            // Beyond the project lies code that has nothing to do with this one.
            if (directory.EnumerateFiles("*.csproj").Any())
                return null;
        }
        return null;
    }

    private static string? InPackages()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var versions = Path.Combine(packages, "torchsharp");
        if (!Directory.Exists(versions))
            return null;

        return Directory.GetDirectories(versions)
            .OrderByDescending(directory => Version.TryParse(Path.GetFileName(directory), out var version) ? version : new Version(0, 0))
            .SelectMany(directory => Directory.EnumerateFiles(directory, FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .FirstOrDefault();
    }
}
