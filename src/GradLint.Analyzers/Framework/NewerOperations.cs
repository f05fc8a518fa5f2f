using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Framework;

/// <summary>Kinds of operations that came after the Roslyn this is built against: known by the numbers of their <see cref="OperationKind"/>.</summary>
internal static class NewerOperations
{
    /// <summary><c>[a, b, .. c]</c>, of Roslyn 4.7.</summary>
    public const OperationKind CollectionExpression = (OperationKind)0x7f;

    /// <summary><c>.. c</c> in one.</summary>
    public const OperationKind Spread = (OperationKind)0x80;
}
