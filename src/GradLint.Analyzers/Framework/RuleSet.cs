using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Framework;

internal static class RuleSet
{
    /// <summary>What a driver supports: the descriptors of its rules.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Descriptors<TRule>(this ImmutableArray<TRule> rules)
        where TRule : IRule =>
        ImmutableArray.CreateRange(rules, rule => rule.Descriptor);
}
