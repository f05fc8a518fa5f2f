namespace GradLint.Tests.Framework;

/// <summary>The folder of this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GradLint.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No GradLint.sln above {AppContext.BaseDirectory}.");
        return folder;
    }
}
