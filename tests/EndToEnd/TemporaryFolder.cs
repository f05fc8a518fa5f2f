using GradLint.Build;

namespace GradLint.EndToEnd;

/// <summary>A folder under artifacts that goes when the test ends. Nothing of the repository's properties reaches projects in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Repository.EmptyArtifacts("endtoend", Guid.NewGuid().ToString("N"));
        foreach (var inherited in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            Write(inherited, "<Project />");
    }

    public string Path { get; }

    public string Write(string name, string content)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    /// <summary>An executable shell script.</summary>
    public void Tool(string name, string script)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Write(name, $"#!/bin/sh\n{script}\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
