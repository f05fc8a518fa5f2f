using GradLint.Tests.Framework;

namespace GradLint.Analyzers.Tests.Framework;

public class AssemblyReferenceTests
{
    [Fact]
    public void Core_LoadsIntoTheOldestCompiler() => AssemblyReferences.LoadIntoTheOldestCompiler(ShippedAssemblies.Core);

    [Fact]
    public void Analyzers_LoadIntoTheOldestCompiler() => AssemblyReferences.LoadIntoTheOldestCompiler(ShippedAssemblies.Analyzers);
}
