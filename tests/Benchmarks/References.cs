using Microsoft.CodeAnalysis;

namespace GradLint.Benchmarks;

/// <summary>What the measured programs are compiled against.</summary>
internal static class References
{
    public static MetadataReference[] All { get; } =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Append(typeof(TorchSharp.torch).Assembly.Location)
        .DistinctBy(Path.GetFileName)
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();
}
