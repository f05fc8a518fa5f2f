using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

internal sealed partial class Interpreter
{
    private Value EvaluateBinary(IBinaryOperation binary)
    {
        if (binary.OperatorMethod is { } method && !IsString(binary.Type))
            return Call(method, null, [Evaluate(binary.LeftOperand), Evaluate(binary.RightOperand)], binary);

        var left = Evaluate(binary.LeftOperand);
        switch (binary.OperatorKind)
        {
            case BinaryOperatorKind.ConditionalAnd:
                return And(left, () => Evaluate(binary.RightOperand), binary);
            case BinaryOperatorKind.ConditionalOr:
                return Or(left, () => Evaluate(binary.RightOperand), binary);
            default:
                return Apply(binary.OperatorKind, left, Evaluate(binary.RightOperand), binary.Type, binary);
        }
    }

    private Value And(Value left, Func<Value> right, IOperation place)
    {
        if (Truth(left) == false)
            return left;
        var other = Truth(left) is null ? ForkValue(left, place, right, () => ConstantValue.False) : right();
        return Truth(left) is null && Truth(other) is null ? Derived(left, other) : other;
    }

    private Value Or(Value left, Func<Value> right, IOperation place)
    {
        if (Truth(left) == true)
            return left;
        var other = Truth(left) is null ? ForkValue(left, place, right, () => ConstantValue.True) : right();
        return Truth(left) is null && Truth(other) is null ? Derived(left, other) : other;
    }

    private static bool? And(bool? first, Func<bool?> second) => first switch
    {
        false => false,
        true => second(),
        null => second() == false ? false : null,
    };

    private static Value Truth(bool? truth, IOperation place) =>
        truth is { } known ? ConstantValue.Of(known) : Unknown("is not decided by the code", place);

    private Value Apply(BinaryOperatorKind kind, Value left, Value right, ITypeSymbol? type, IOperation place)
    {
        switch (kind)
        {
            case BinaryOperatorKind.Equals:
                return AreEqual(left, right) is { } equal ? ConstantValue.Of(equal) : Derived(left, right);
            case BinaryOperatorKind.NotEquals:
                return AreEqual(left, right) is { } same ? ConstantValue.Of(!same) : Derived(left, right);
            case BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual:
                return Compare(kind, left, right, place);
            case BinaryOperatorKind.Add when IsString(type):
                return left is ConstantValue one && right is ConstantValue other
                    ? Concatenated([one, other], place)
                    : Derived(left, right);
        }

        if (left is ConstantValue { Raw: bool a } && right is ConstantValue { Raw: bool b })
        {
            return kind switch
            {
                BinaryOperatorKind.And => ConstantValue.Of(a & b),
                BinaryOperatorKind.Or => ConstantValue.Of(a | b),
                BinaryOperatorKind.ExclusiveOr => ConstantValue.Of(a ^ b),
                _ => Unknown("is not decided by the code", place),
            };
        }

        if (IsIntegral(type) && Integer(left) is { } i && Integer(right) is { } j)
            return ApplyIntegers(kind, i, kind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift ? ShiftCount(j, type) : j) is { } result ? Narrow(result, type, place) : Unknown("is computed in a way that is not followed", place);
        if (Number(left) is { } x && Number(right) is { } y)
            return ApplyNumbers(kind, x, y) is { } result ? new ConstantValue(result) : Unknown("is computed in a way that is not followed", place);
        return Derived(left, right);
    }

    /// <summary>Texts of programs that build models are names; a longer one is not worth its memory.</summary>
    private const int MaximumText = 1 << 14;

    private static Value Concatenated(IReadOnlyList<ConstantValue> parts, IOperation place)
    {
        var texts = parts.Select(part => Invariant(part.Raw)).ToArray();
        return texts.Sum(text => (long)text.Length) > MaximumText ? TooLong(place) : new ConstantValue(string.Concat(texts));
    }

    private static UnknownValue TooLong(IOperation place) => Unknown("is too long a text to be followed", place);

    private static string Invariant(object? raw) => Convert.ToString(raw, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    /// <summary>C# takes the count modulo the width of what it shifts.</summary>
    private static long ShiftCount(long count, ITypeSymbol? type) =>
        count & (type?.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64 ? 63 : 31);

    private static long? ApplyIntegers(BinaryOperatorKind kind, long left, long right) => unchecked(kind switch
    {
        BinaryOperatorKind.Add => left + right,
        BinaryOperatorKind.Subtract => left - right,
        BinaryOperatorKind.Multiply => left * right,
        BinaryOperatorKind.Divide when right is not (0 or -1) => left / right,
        BinaryOperatorKind.Divide when right == -1 => -left,
        BinaryOperatorKind.Remainder when right is not (0 or -1) => left % right,
        BinaryOperatorKind.Remainder when right == -1 => 0,
        BinaryOperatorKind.And => left & right,
        BinaryOperatorKind.Or => left | right,
        BinaryOperatorKind.ExclusiveOr => left ^ right,
        BinaryOperatorKind.LeftShift => left << (int)right,
        BinaryOperatorKind.RightShift => left >> (int)right,
        _ => (long?)null,
    });

    private static double? ApplyNumbers(BinaryOperatorKind kind, double left, double right) => kind switch
    {
        BinaryOperatorKind.Add => left + right,
        BinaryOperatorKind.Subtract => left - right,
        BinaryOperatorKind.Multiply => left * right,
        BinaryOperatorKind.Divide => left / right,
        BinaryOperatorKind.Remainder => left % right,
        _ => null,
    };

    private Value Compare(BinaryOperatorKind kind, Value left, Value right, IOperation place)
    {
        if (Number(left) is not { } x || Number(right) is not { } y)
            return Derived(left, right);
        return kind switch
        {
            BinaryOperatorKind.LessThan => ConstantValue.Of(x < y),
            BinaryOperatorKind.LessThanOrEqual => ConstantValue.Of(x <= y),
            BinaryOperatorKind.GreaterThan => ConstantValue.Of(x > y),
            BinaryOperatorKind.GreaterThanOrEqual => ConstantValue.Of(x >= y),
            _ => Unknown("is compared in a way that is not followed", place),
        };
    }

    private static bool? AreEqual(Value left, Value right) => AreEqual(left, right, depth: 0);

    private static bool? AreEqual(Value left, Value right, int depth)
    {
        const int deepest = 4;
        if (left.IsNull == true || right.IsNull == true)
            return left.IsNull is { } leftIsNull && right.IsNull is { } rightIsNull ? leftIsNull == rightIsNull : null;

        return (left, right) switch
        {
            (EnumValue one, EnumValue other) => one.Number == other.Number,
            (ConstantValue { Raw: long or double }, ConstantValue { Raw: long or double }) => Number(left) == Number(right),
            (ConstantValue one, ConstantValue other) => Equals(one.Raw, other.Raw),
            (TypeValue one, TypeValue other) => SymbolEqualityComparer.Default.Equals(one.Type, other.Type),
            (ObjectValue, ObjectValue) => ReferenceEquals(left, right),
            (TupleValue one, TupleValue other) when one.Elements.Length == other.Elements.Length && depth < deepest =>
                one.Elements.Zip(other.Elements, (element, counterpart) => AreEqual(element, counterpart, depth + 1)).Aggregate((bool?)true, (all, equal) => And(all, () => equal)),
            _ => null,
        };
    }

    private Value EvaluateUnary(IUnaryOperation unary)
    {
        var operand = Evaluate(unary.Operand);
        if (unary.OperatorMethod is { } method)
            return Call(method, null, [operand], unary);

        return (unary.OperatorKind, operand) switch
        {
            (UnaryOperatorKind.Not, ConstantValue { Raw: bool truth }) => ConstantValue.Of(!truth),
            (UnaryOperatorKind.Minus, ConstantValue { Raw: long number }) => Narrow(unchecked(-number), unary.Type, unary),
            (UnaryOperatorKind.Minus, ConstantValue { Raw: double number }) => new ConstantValue(-number),
            (UnaryOperatorKind.Plus, _) => operand,
            (UnaryOperatorKind.Hat, _) => new IndexFromEndValue(operand),
            (UnaryOperatorKind.BitwiseNegation, ConstantValue { Raw: long number }) => Narrow(~number, unary.Type, unary),
            _ => Derived(operand),
        };
    }

    private Value EvaluateConversion(IConversionOperation conversion)
    {
        var value = Evaluate(conversion.Operand);
        if (conversion.OperatorMethod is { } method)
            return _types.IsFromTorchSharp(method) || _source.Body(method, _cancellationToken) is null ? value : Call(method, null, [value], conversion);

        if (conversion.IsTryCast && IsOfType(value, conversion.Type!) is { } isType)
            return isType ? value : ConstantValue.Null;
        return ConvertTo(value, conversion.Type, conversion);
    }

    private static Value ConvertTo(Value value, ITypeSymbol? type, IOperation place)
    {
        var target = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        if (value is not (ConstantValue { Raw: long or double or char } or EnumValue))
            return value;

        if (IsIntegral(target))
        {
            return value switch
            {
                ConstantValue { Raw: double number } when !double.IsNaN(number) && Math.Abs(number) < long.MaxValue => Narrow((long)number, target, place),
                ConstantValue { Raw: char letter } => ConstantValue.Of((long)letter),
                _ => Integer(value) is { } integer ? Narrow(integer, target, place) : value,
            };
        }
        if (target?.SpecialType is SpecialType.System_Single && Number(value) is { } single)
            return new ConstantValue((double)(float)single);
        if (target?.SpecialType is SpecialType.System_Double or SpecialType.System_Decimal && Number(value) is { } real)
            return new ConstantValue(real);
        if (target is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration && Integer(value) is { } member)
            return new EnumValue(enumeration, member);
        return value;
    }

    /// <summary>A number as a value of an integral type; one that does not fit wraps around or throws, as the project has it.</summary>
    private static Value Narrow(long number, ITypeSymbol? type, IOperation place)
    {
        var fits = type?.SpecialType switch
        {
            SpecialType.System_SByte => number is >= sbyte.MinValue and <= sbyte.MaxValue,
            SpecialType.System_Byte => number is >= byte.MinValue and <= byte.MaxValue,
            SpecialType.System_Int16 => number is >= short.MinValue and <= short.MaxValue,
            SpecialType.System_UInt16 => number is >= ushort.MinValue and <= ushort.MaxValue,
            SpecialType.System_Int32 => number is >= int.MinValue and <= int.MaxValue,
            SpecialType.System_UInt32 => number is >= uint.MinValue and <= uint.MaxValue,
            SpecialType.System_UInt64 => number >= 0,
            _ => true,
        };
        return fits ? ConstantValue.Of(number) : Unknown("overflows", place);
    }

    private static bool IsIntegral(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    private static bool IsString(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_String;

    private Value EvaluateCompoundAssignment(ICompoundAssignmentOperation assignment)
    {
        var place = PlaceOf(assignment.Target);
        var (current, operand) = (place.Read(), Evaluate(assignment.Value));
        var result = assignment.OperatorMethod is { } method && !IsString(assignment.Type)
            ? Call(method, null, [current, operand], assignment)
            : Apply(assignment.OperatorKind, current, operand, assignment.Type, assignment);
        place.Write(result);
        return result;
    }

    private Value EvaluateCoalesceAssignment(ICoalesceAssignmentOperation assignment)
    {
        var place = PlaceOf(assignment.Target);
        var current = place.Read();
        if (current.IsNull == false)
            return current;

        var value = current.IsNull == true ? Evaluate(assignment.Value) : ForkValue(current, assignment, () => current, () => Evaluate(assignment.Value));
        place.Write(value);
        return value;
    }

    private Value EvaluateIncrement(IIncrementOrDecrementOperation increment)
    {
        var place = PlaceOf(increment.Target);
        var before = place.Read();
        var kind = increment.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        var after = Apply(kind, before, ConstantValue.Of(1L), increment.Type, increment);
        place.Write(after);
        return increment.IsPostfix ? before : after;
    }
}
