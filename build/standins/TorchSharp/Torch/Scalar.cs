using System;
using System.Numerics;

namespace TorchSharp;

using static torch;

/// <summary>A number of one of three kinds: Boolean, integer (64 bit) or real (64 bit); or a complex one.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(Arg value, ScalarType type) => (Value, Type) = (value, type);

    internal Arg Value { get; }

    public ScalarType Type { get; }

    public void Dispose() { }

    public static implicit operator Scalar(byte value) => value.ToScalar();
    public static implicit operator Scalar(sbyte value) => value.ToScalar();
    public static implicit operator Scalar(short value) => value.ToScalar();
    public static implicit operator Scalar(int value) => value.ToScalar();
    public static implicit operator Scalar(long value) => value.ToScalar();
    public static implicit operator Scalar(Half value) => value.ToScalar();
    public static implicit operator Scalar(float value) => value.ToScalar();
    public static implicit operator Scalar(double value) => value.ToScalar();
    public static implicit operator Scalar(bool value) => value.ToScalar();
    public static implicit operator Scalar((float, float) value) => value.ToScalar();
    public static implicit operator Scalar(Complex value) => value.ToScalar();
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => Integer(value);
    public static Scalar ToScalar(this sbyte value) => Integer(value);
    public static Scalar ToScalar(this short value) => Integer(value);
    public static Scalar ToScalar(this int value) => Integer(value);
    public static Scalar ToScalar(this long value) => Integer(value);
    public static Scalar ToScalar(this Half value) => Real((double)value);
    public static Scalar ToScalar(this float value) => Real(value);
    public static Scalar ToScalar(this double value) => Real(value);
    public static Scalar ToScalar(this bool value) => new(value, ScalarType.Bool);
    public static Scalar ToScalar(this (float, float) value) => new(new Complex(value.Item1, value.Item2), ScalarType.ComplexFloat64);
    public static Scalar ToScalar(this Complex value) => new(value, ScalarType.ComplexFloat64);
    public static Scalar ToBFloat16Scalar(this float value) => Real(value);

    public static byte ToByte(this Scalar value) => checked((byte)Integer(value));
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)Integer(value));
    public static short ToInt16(this Scalar value) => checked((short)Integer(value));
    public static int ToInt32(this Scalar value) => checked((int)Integer(value));
    public static long ToInt64(this Scalar value) => Integer(value);
    public static Half ToHalf(this Scalar value) => (Half)Real(value);
    public static float ToSingle(this Scalar value) => (float)Real(value);
    public static double ToDouble(this Scalar value) => Real(value);
    public static bool ToBoolean(this Scalar value) => Real(value) != 0;

    private static Scalar Integer(long value) => new(value, ScalarType.Int64);

    private static Scalar Real(double value) => new(value, ScalarType.Float64);

    private static long Integer(Scalar value) => value.Type == ScalarType.Float64 ? (long)Real(value) : value.Value.Value;

    private static double Real(Scalar value) => value.Type switch
    {
        ScalarType.Float64 => BitConverter.Int64BitsToDouble(value.Value.Value),
        ScalarType.ComplexFloat64 => throw new InvalidOperationException("A complex scalar has no real value."),
        _ => value.Value.Value,
    };
}
