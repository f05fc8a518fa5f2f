using System.Collections.Immutable;
using System.Globalization;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction.Values;

/// <summary>What the interpreter knows of a value. Mutable parts live in <see cref="Cell"/>s, so that branches can be undone and joined.</summary>
internal abstract class Value
{
    /// <summary>Whether the value is the null reference; null when the code does not tell.</summary>
    public virtual bool? IsNull => false;
}

/// <summary>A value that the code does not tell.</summary>
/// <param name="reason">Why, as the rest of a sentence that begins with what is unknown.</param>
/// <param name="origin">Where.</param>
/// <param name="isData">Whether only data can tell it (a batch size, a sequence length): no fault of the reading.</param>
internal sealed class UnknownValue(string reason, Origin origin, bool isData = false) : Value
{
    public string Reason { get; } = reason;

    public Origin Origin { get; } = origin;

    public bool IsData { get; } = isData;

    public override bool? IsNull => null;

    public static UnknownValue Data { get; } = new("depends on the data", Origin.None, isData: true);
}

/// <summary>A number (<see cref="long"/> or <see cref="double"/>), bool, string, char or null.</summary>
internal sealed class ConstantValue(object? raw) : Value
{
    public static ConstantValue Null { get; } = new(null);
    public static ConstantValue True { get; } = new(true);
    public static ConstantValue False { get; } = new(false);

    public object? Raw { get; } = raw;

    public override bool? IsNull => Raw is null;

    public static ConstantValue Of(bool value) => value ? True : False;

    public static ConstantValue Of(long value) => new(value);

    public static Value Of(object? raw) => raw switch
    {
        null => Null,
        bool value => Of(value),
        float value => new ConstantValue((double)value),
        decimal value => new ConstantValue((double)value),
        double or string or char or long => new ConstantValue(raw),
        ulong value and > long.MaxValue => new UnknownValue("is too large a number to be followed", Origin.None),
        IConvertible value => new ConstantValue(value.ToInt64(CultureInfo.InvariantCulture)),
        _ => new OpaqueValue(),
    };
}

/// <summary>A member of an enumeration.</summary>
internal sealed class EnumValue(INamedTypeSymbol type, long number) : Value
{
    public INamedTypeSymbol Type { get; } = type;

    public long Number { get; } = number;

    /// <summary>The member's name, or its number where no member has that value.</summary>
    public string Name =>
        Type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(member => member.ConstantValue is { } value && NumberOf(value) == Number)?.Name
        ?? Number.ToString();

    /// <summary>The number of a constant of the underlying type; one above <see cref="long.MaxValue"/> by its bits.</summary>
    public static long NumberOf(object constant) => constant is ulong large ? unchecked((long)large) : Convert.ToInt64(constant, CultureInfo.InvariantCulture);
}

/// <summary>A tuple, or <c>System.Tuple</c>, <c>KeyValuePair</c>.</summary>
internal sealed class TupleValue(ImmutableArray<Value> elements) : Value
{
    public TupleValue(params Value[] elements)
        : this(elements.ToImmutableArray())
    {
    }

    public ImmutableArray<Value> Elements { get; } = elements;
}

/// <summary>Something that exists and does not matter: a device, a data type, a dispose scope, an optimizer.</summary>
internal sealed class OpaqueValue : Value;

/// <summary>A type object: <c>typeof(T)</c>.</summary>
internal sealed class TypeValue(ITypeSymbol type) : Value
{
    public ITypeSymbol Type { get; } = type;
}

/// <summary>A range or index of C#: <c>1..^2</c>, <c>^1</c>.</summary>
internal sealed class RangeValue(Value? start, Value? end, Value? step = null) : Value
{
    public Value? Start { get; } = start;

    public Value? End { get; } = end;

    public Value? Step { get; } = step;

    public bool IsFull => Start is null or ConstantValue { Raw: null or 0L } && End is null or ConstantValue { Raw: null };
}

/// <summary>An index counted from the end.</summary>
internal sealed class IndexFromEndValue(Value offset) : Value
{
    public Value Offset { get; } = offset;
}
