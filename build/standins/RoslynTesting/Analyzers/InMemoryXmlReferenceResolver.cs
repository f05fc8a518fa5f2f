using System.Runtime.CompilerServices;
using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

internal sealed class InMemoryXmlReferenceResolver(IReadOnlyDictionary<string, string> contents) : XmlReferenceResolver
{
    public override string? ResolveReference(string path, string? baseFilePath) => contents.ContainsKey(path) ? path : null;

    public override Stream OpenRead(string resolvedPath) => contents.TryGetValue(resolvedPath, out string? content)
        ? new MemoryStream(Encoding.UTF8.GetBytes(content))
        : throw new IOException($"'{resolvedPath}' is not in XmlReferences.");

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
