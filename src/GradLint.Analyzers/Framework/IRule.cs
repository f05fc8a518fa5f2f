using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Framework;

/// <summary>One rule: what it reports. A subinterface says what it looks at and which driver runs it.</summary>
public interface IRule
{
    DiagnosticDescriptor Descriptor { get; }
}
