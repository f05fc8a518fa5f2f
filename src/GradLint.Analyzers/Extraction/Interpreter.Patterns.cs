using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

internal sealed partial class Interpreter
{
    /// <summary>Whether the value matches; variables of the pattern are bound where it may. Null: the code does not tell.</summary>
    private bool? Match(IPatternOperation? pattern, Value value)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return true;
            case IConstantPatternOperation constant:
                return AreEqual(value, Evaluate(constant.Value));
            case ITypePatternOperation type:
                return IsOfType(value, type.MatchedType);
            case INegatedPatternOperation negated:
                return !Match(negated.Pattern, value);
            case IRelationalPatternOperation relational:
                return Truth(Compare(relational.OperatorKind, value, Evaluate(relational.Value), relational));
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both:
                return And(Match(both.LeftPattern, value), () => Match(both.RightPattern, value));
            case IBinaryPatternOperation either:
                return !And(!Match(either.LeftPattern, value), () => !Match(either.RightPattern, value));
            case IDeclarationPatternOperation declaration:
                return Bind(declaration.DeclaredSymbol, value, declaration.MatchesNull || declaration.MatchedType is null ? true : IsOfType(value, declaration.MatchedType));
            case IRecursivePatternOperation recursive:
                return MatchRecursively(recursive, value);
            default:
                return null;
        }
    }

    private bool? MatchRecursively(IRecursivePatternOperation pattern, Value value)
    {
        var matched = value.IsNull == true ? false : IsOfType(value, pattern.MatchedType);
        foreach (var property in pattern.PropertySubpatterns)
        {
            matched = And(matched, () =>
            {
                _frame.ImplicitReceivers.Push(value);
                try
                {
                    return Match(property.Pattern, Evaluate(property.Member));
                }
                finally
                {
                    _frame.ImplicitReceivers.Pop();
                }
            });
        }

        if (pattern.DeconstructionSubpatterns.Length > 0)
        {
            var elements = matched == false ? null : Parts(value, pattern.DeconstructionSubpatterns.Length, pattern);
            for (var index = 0; index < pattern.DeconstructionSubpatterns.Length; index++)
            {
                var position = index;
                matched = And(matched, () => elements is null || position >= elements.Count ? null : Match(pattern.DeconstructionSubpatterns[position], elements[position]));
            }
        }
        return Bind(pattern.DeclaredSymbol, value, matched);
    }

    private bool? Bind(ISymbol? symbol, Value value, bool? matched)
    {
        if (symbol is not null && matched != false)
            _frame.Declare(symbol, new(value));
        return matched;
    }

    /// <summary>Whether a value's run-time type is, or derives from, the given one.</summary>
    private bool? IsOfType(Value value, ITypeSymbol type)
    {
        var target = _frame.Substitute(type);
        if (value.IsNull == true)
            return false;
        if (target.SpecialType == SpecialType.System_Object)
            return value.IsNull is null ? null : true;

        return value switch
        {
            ParameterValue => _types.IsParameter(target) || IsSame(target, _types.Tensor),
            TensorValue => IsSame(target, _types.Tensor),
            ObjectValue instance => DerivesFrom(instance.Type, target),
            EnumValue member => IsSame(member.Type, target),
            ConstantValue { Raw: string } => IsString(target),
            ConstantValue { Raw: bool } => target.SpecialType == SpecialType.System_Boolean,
            ConstantValue { Raw: double } => target.SpecialType is SpecialType.System_Double or SpecialType.System_Single,
            ConstantValue { Raw: long } => IsIntegral(target),
            _ => null,
        };
    }

    private static bool? DerivesFrom(INamedTypeSymbol type, ITypeSymbol target)
    {
        if (target is ITypeParameterSymbol)
            return null;
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, target))
                return true;
        }
        return type.AllInterfaces.Contains(target, SymbolEqualityComparer.Default);
    }
}
