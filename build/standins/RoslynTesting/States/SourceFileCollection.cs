using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public class SourceFileCollection : List<(string filename, SourceText content)>
{
    public void Add((string filename, string content) file) => Add((file.filename, SourceText.From(file.content)));

    public void Add((Type sourceGeneratorType, string filename, string content) file)
        => Add((file.sourceGeneratorType, file.filename, SourceText.From(file.content, Encoding.UTF8)));

    public void Add((Type sourceGeneratorType, string filename, SourceText content) file)
    {
        string assembly = file.sourceGeneratorType.Assembly.GetName().Name ?? "";
        Add((Path.Combine(assembly, file.sourceGeneratorType.FullName!, file.filename), file.content));
    }
}

/// <summary>Files that are named by their number when they come without a name: <c>{prefix}{number}.{extension}</c>.</summary>
public class SourceFileList(string defaultPrefix, string defaultExtension) : SourceFileCollection
{
    public void Add(string content) => Add((NextName, content));

    public void Add(SourceText content) => Add((NextName, content));

    private string NextName => $"{defaultPrefix}{Count}.{defaultExtension}";
}
