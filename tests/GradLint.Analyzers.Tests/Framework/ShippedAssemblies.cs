using System.Reflection;

namespace GradLint.Tests.Framework;

/// <summary>The assemblies that load into the compiler.</summary>
internal static class ShippedAssemblies
{
    public static readonly Assembly Core = typeof(GradLint.Core.Rules.RuleIds).Assembly;

    public static readonly Assembly Analyzers = typeof(GradLint.Analyzers.ModuleWiringAnalyzer).Assembly;
}
