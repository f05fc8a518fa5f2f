namespace Microsoft.CodeAnalysis.Testing;

public sealed partial class ReferenceAssemblies
{
    private static ReferenceAssemblies NetCoreApp(string targetFramework, string version)
        => new(targetFramework, new PackageIdentity("Microsoft.NETCore.App.Ref", version), Path.Combine("ref", targetFramework));

    public static class Net
    {
        public static ReferenceAssemblies Net50 { get; } = NetCoreApp("net5.0", "5.0.0");

        public static ReferenceAssemblies Net60 { get; } = NetCoreApp("net6.0", "6.0.0");

        public static ReferenceAssemblies Net70 { get; } = NetCoreApp("net7.0", "7.0.0");

        public static ReferenceAssemblies Net80 { get; } = NetCoreApp("net8.0", "8.0.0");

        public static ReferenceAssemblies Net90 { get; } = NetCoreApp("net9.0", "9.0.0");
    }

    public static class NetCore
    {
        public static ReferenceAssemblies NetCoreApp31 { get; } = NetCoreApp("netcoreapp3.1", "3.1.0");
    }

    public static class NetStandard
    {
        public static ReferenceAssemblies NetStandard20 { get; } =
            new("netstandard2.0", new PackageIdentity("NETStandard.Library", "2.0.3"), Path.Combine("build", "netstandard2.0", "ref"));
    }
}
