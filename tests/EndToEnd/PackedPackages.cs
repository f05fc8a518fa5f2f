using System.IO.Compression;
using System.Xml.Linq;
using GradLint.Build;

namespace GradLint.EndToEnd;

/// <summary>The packages, as the verb pack makes them; made once for all tests that look at them.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PackedPackages()
    {
        var pack = BuildProgram.Run("pack", "--output", folder.Path);
        Assert.True(pack.ExitCode == 0, pack.Output);
    }

    public string Folder => folder.Path;

    public IReadOnlyList<string> Ids => [.. Directory.EnumerateFiles(Folder, "*.nupkg").Select(file => (string)Specification(file).Element("id")!).Order(StringComparer.Ordinal)];

    /// <returns>The paths in the package, without those that only NuGet reads.</returns>
    public string[] Files(string id)
    {
        using var package = ZipFile.OpenRead(File(id));
        return [.. package.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml" && !name.EndsWith(".nuspec", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    public byte[] Read(string id, string path)
    {
        using var package = ZipFile.OpenRead(File(id));
        using var content = package.GetEntry(path)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    public string? Metadata(string id, string name) => (string?)Specification(File(id)).Element(name);

    public string Version(string id) => Metadata(id, "version")!;

    /// <returns>As "id version", by id.</returns>
    public string[] Dependencies(string id) =>
        [.. Specification(File(id)).Descendants("dependency").Select(dependency => $"{(string?)dependency.Attribute("id")} {(string?)dependency.Attribute("version")}").Order(StringComparer.Ordinal)];

    public void Dispose() => folder.Dispose();

    private string File(string id) => Directory.EnumerateFiles(Folder, $"{id}.*.nupkg").Single(file => (string?)Specification(file).Element("id") == id);

    private static XElement Specification(string file)
    {
        using var package = ZipFile.OpenRead(file);
        using var content = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var root = XDocument.Load(content).Root!;
        // The namespace differs with the features a package uses.
        foreach (var element in root.DescendantsAndSelf())
            element.Name = element.Name.LocalName;
        return root.Element("metadata")!;
    }}
