namespace GradLint.Core.Tests.Knowledge;

/// <summary>The public members of TorchSharp 0.107.0, as documentation ids, from a list that is kept outside the repository.</summary>
internal static class TorchSharpApi
{
    private const string FileName = "torchsharp-api-0.107.tsv";

    /// <summary>Documentation ids without their parameter lists; skips the calling test where the list is absent.</summary>
    public static HashSet<string> Members()
    {
        var directory = Environment.GetEnvironmentVariable("GRADLINT_FACTS") ?? Path.Combine(RepositoryRoot(), "..", "shared", "facts");
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file))
            Assert.Skip($"{FileName} is not in {directory}; set GRADLINT_FACTS to the directory that holds it.");

        return File.ReadLines(file).Select(line => WithoutParameters(line.Split('\t')[0])).ToHashSet();
    }

    private static string WithoutParameters(string id)
    {
        var end = id.IndexOfAny(['(', '~']);
        var name = end < 0 ? id : id[..end];
        var arity = name.IndexOf("``", StringComparison.Ordinal);
        return arity < 0 ? name : name[..arity];
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "GradLint.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? AppContext.BaseDirectory;
    }
}
