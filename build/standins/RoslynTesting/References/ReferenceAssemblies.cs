using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// The framework that code under test compiles against, found on this machine: in the NuGet cache, among the SDK's
/// targeting packs, or else the running framework itself (<see cref="FrameworkLocator"/>). Nothing is downloaded.
/// </summary>
public sealed partial class ReferenceAssemblies
{
    private static readonly ConcurrentDictionary<(string Framework, string Extra), ImmutableArray<MetadataReference>> resolved = new();

    public ReferenceAssemblies(string targetFramework)
    {
        ArgumentNullException.ThrowIfNull(targetFramework);
        TargetFramework = targetFramework;
    }

    public ReferenceAssemblies(string targetFramework, PackageIdentity? referenceAssemblyPackage, string referenceAssemblyPath)
        : this(targetFramework)
    {
        ArgumentNullException.ThrowIfNull(referenceAssemblyPackage);
        ReferenceAssemblyPackage = referenceAssemblyPackage;
        ReferenceAssemblyPath = referenceAssemblyPath;
    }

    private ReferenceAssemblies(ReferenceAssemblies original)
    {
        TargetFramework = original.TargetFramework;
        ReferenceAssemblyPackage = original.ReferenceAssemblyPackage;
        ReferenceAssemblyPath = original.ReferenceAssemblyPath;
        AssemblyIdentityComparer = original.AssemblyIdentityComparer;
        Assemblies = original.Assemblies;
        Packages = original.Packages;
    }

    /// <summary>What the original picks when the test project runs on .NET.</summary>
    public static ReferenceAssemblies Default => NetCore.NetCoreApp31;

    public string TargetFramework { get; }

    public PackageIdentity? ReferenceAssemblyPackage { get; }

    public string? ReferenceAssemblyPath { get; }

    public AssemblyIdentityComparer AssemblyIdentityComparer { get; private init; } = AssemblyIdentityComparer.Default;

    /// <summary>Names of further assemblies of the framework.</summary>
    public ImmutableArray<string> Assemblies { get; private init; } = [];

    /// <summary>Packages to reference besides the framework; they must be in the NuGet cache.</summary>
    public ImmutableArray<PackageIdentity> Packages { get; private init; } = [];

    public ReferenceAssemblies WithAssemblies(ImmutableArray<string> assemblies) => new(this) { Assemblies = assemblies };

    public ReferenceAssemblies AddAssemblies(ImmutableArray<string> assemblies) => WithAssemblies(Assemblies.AddRange(assemblies));

    public ReferenceAssemblies WithPackages(ImmutableArray<PackageIdentity> packages) => new(this) { Packages = packages };

    public ReferenceAssemblies AddPackages(ImmutableArray<PackageIdentity> packages) => WithPackages(Packages.AddRange(packages));

    public ReferenceAssemblies WithAssemblyIdentityComparer(AssemblyIdentityComparer assemblyIdentityComparer)
        => new(this) { AssemblyIdentityComparer = assemblyIdentityComparer };

    public Task<ImmutableArray<MetadataReference>> ResolveAsync(string? language, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string extra = string.Join(';', Packages.Select(package => $"{package.Id}/{package.Version}").Concat(Assemblies));
        return Task.FromResult(resolved.GetOrAdd((TargetFramework, extra), _ => Resolve()));
    }

    private ImmutableArray<MetadataReference> Resolve()
    {
        var files = FrameworkLocator.Find(TargetFramework).ToList();
        foreach (var package in Packages)
            files.AddRange(FrameworkLocator.FindPackage(package, TargetFramework));
        foreach (string name in Assemblies)
        {
            string fileName = $"{Path.GetFileName(name)}.dll";
            if (!files.Any(file => string.Equals(Path.GetFileName(file), fileName, StringComparison.OrdinalIgnoreCase)))
                throw new InvalidOperationException($"Assembly '{name}' is not part of {TargetFramework} as found on this machine.");
        }

        return [.. files.Select(MetadataReferenceCache.Get)];
    }
}
