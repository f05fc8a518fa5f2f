namespace GradLint.Runtime.Sinks;

internal static class WholeFile
{
    /// <summary>Writes a file so that a reader sees the old one or the new one, never half of it.</summary>
    public static void Write(string path, string text)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is { } folder)
            Directory.CreateDirectory(folder);
        var temporary = full + ".tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, full, overwrite: true);
    }
}
