using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.CodeAnalysis.Testing;

public class MetadataReferenceCollection : List<MetadataReference>
{
    public void Add(Assembly assembly) => Add(assembly.Location);

    public void Add(string path) => Add(MetadataReferenceCache.Get(path));
}

/// <summary>One reference a file and process: compilations share the symbols read from it.</summary>
internal static class MetadataReferenceCache
{
    private static readonly ConcurrentDictionary<string, MetadataReference> references = new();

    public static MetadataReference Get(string path) => references.GetOrAdd(path, static file => MetadataReference.CreateFromFile(file));
}
