namespace GradLint.Build;

/// <summary>Where things are in this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Solution => At("GradLint.sln");

    /// <summary>Everything that verbs write, apart from what the compiler writes to bin and obj. Ignored by git.</summary>
    public static string Artifacts => At("artifacts");

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    /// <summary>An empty folder under artifacts; what an earlier run left there is deleted.</summary>
    public static string EmptyArtifacts(params string[] parts)
    {
        var folder = Path.Combine([Artifacts, .. parts]);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Writes the whole file or, when something fails, nothing.</summary>
    public static void WriteAtomically(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + "." + Environment.ProcessId + ".tmp";
        File.WriteAllText(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GradLint.sln")))
                return folder.FullName;
        throw new BuildFailure($"no GradLint.sln above {AppContext.BaseDirectory}; run the build program from its repository: dotnet run --project build");
    }
}
