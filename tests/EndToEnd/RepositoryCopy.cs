using GradLint.Build;

namespace GradLint.EndToEnd;

/// <summary>The files of the working tree that git tracks or would, elsewhere: to build them another way without touching what is built here.</summary>
internal static class RepositoryCopy
{
    /// <returns>Its root.</returns>
    public static string Make(string folder)
    {
        var listed = Shell.Capture("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], Repository.Root);
        Assert.SkipUnless(listed.ExitCode == 0, "This is no git working tree, so its files cannot be told from what was built in it.");
        foreach (var file in listed.Output.TrimEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Repository.At(file))))
        {
            var target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Repository.At(file), target);
        }

        return folder;
    }
}
