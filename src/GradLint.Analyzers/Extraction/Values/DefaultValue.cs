using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction.Values;

/// <summary><c>default(T)</c>.</summary>
internal static class DefaultValue
{
    public static Value Of(ITypeSymbol? type) => type switch
    {
        null => new UnknownValue("has no type", Origin.None),
        { SpecialType: SpecialType.System_Boolean } => ConstantValue.False,
        { SpecialType: SpecialType.System_Char } => new ConstantValue('\0'),
        { SpecialType: SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal } => new ConstantValue(0.0),
        { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 } => ConstantValue.Of(0L),
        INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration => new EnumValue(enumeration, 0),
        INamedTypeSymbol { IsTupleType: true } tuple => new TupleValue(tuple.TupleElements.Select(element => Of(element.Type)).ToArray()),
        { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => ConstantValue.Null,
        { IsReferenceType: true } => ConstantValue.Null,
        INamedTypeSymbol { TypeKind: TypeKind.Struct, DeclaringSyntaxReferences.Length: > 0 } structure => new ObjectValue(structure),
        { IsValueType: true } => new OpaqueValue(),
        _ => ConstantValue.Null,
    };
}
