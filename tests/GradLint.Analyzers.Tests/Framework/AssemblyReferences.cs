using System.Reflection;

namespace GradLint.Tests.Framework;

/// <summary>
/// What a compiler that loads an assembly must bring with it. The oldest compiler supported has Roslyn 4.5 and
/// System.Collections.Immutable 6.0; a newer reference makes it skip the analyzers, with a warning that few read.
/// </summary>
internal static class AssemblyReferences
{
    public static void LoadIntoTheOldestCompiler(Assembly assembly)
    {
        foreach (var reference in assembly.GetReferencedAssemblies())
        {
            var newest = reference.Name switch
            {
                { } name when name.StartsWith("GradLint.", StringComparison.Ordinal) => assembly.GetName().Version!,
                { } name when name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) => new(4, 5, int.MaxValue, int.MaxValue),
                "System.Collections.Immutable" => new(6, 0, int.MaxValue, int.MaxValue),
                "netstandard" => new(2, 0, 0, 0),

                // Brought along by netstandard2.0 or by the compiler itself.
                "System.Memory" or "System.Buffers" or "System.Runtime.CompilerServices.Unsafe" or "System.Threading.Tasks.Extensions" or "System.Reflection.Metadata" =>
                    new(6, 0, int.MaxValue, int.MaxValue),
                _ => null,
            };
            Assert.True(newest is not null, $"{assembly.GetName().Name} references {reference.FullName}, which not every compiler brings along.");
            Assert.True(reference.Version <= newest, $"{assembly.GetName().Name} references {reference.FullName}; the oldest compiler has {newest}.");
        }
    }
}
