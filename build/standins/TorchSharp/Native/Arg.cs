using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace TorchSharp;

internal enum ArgTag
{
    None, Default, Tensor, Int, Double, Bool, String, Device, Generator, Complex, IntList, DoubleList, BoolList, TensorList,
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeArgument
{
    public ArgTag Tag;
    public int Extra;
    public long Value;
    public long Count;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    public ArgTag Tag;
    public int Reserved;
    public long Value;
}

/// <summary>An argument of an operator. A null of any kind is the schema's None.</summary>
internal readonly struct Arg
{
    private Arg(ArgTag tag, long value = 0, object? reference = null) => (Tag, Value, Reference) = (tag, value, reference);

    public ArgTag Tag { get; }
    public long Value { get; }
    public object? Reference { get; }

    public static Arg None => default;

    /// <summary>The schema's own default value.</summary>
    public static Arg Default => new(ArgTag.Default);

    private static Arg Of(ArgTag tag, object? reference) => reference is null ? None : new(tag, 0, reference);

    public static implicit operator Arg(torch.Tensor? value) => Of(ArgTag.Tensor, value);
    public static implicit operator Arg(long value) => new(ArgTag.Int, value);
    public static implicit operator Arg(long? value) => value is { } v ? new(ArgTag.Int, v) : None;
    public static implicit operator Arg(double value) => new(ArgTag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } v ? (Arg)v : None;
    public static implicit operator Arg(bool value) => new(ArgTag.Bool, value ? 1 : 0);
    public static implicit operator Arg(bool? value) => value is { } v ? (Arg)v : None;
    public static implicit operator Arg(string? value) => Of(ArgTag.String, value);
    public static implicit operator Arg(Scalar? value) => value is null ? None : value.Value;
    public static implicit operator Arg(System.Numerics.Complex value) => new(ArgTag.Complex, 0, new[] { value.Real, value.Imaginary });
    public static implicit operator Arg(torch.ScalarType value) => new(ArgTag.Int, (long)(sbyte)value);
    public static implicit operator Arg(torch.ScalarType? value) => value is { } v ? (Arg)v : None;
    public static implicit operator Arg(torch.Device? value) => Of(ArgTag.Device, value);
    public static implicit operator Arg(torch.Generator? value) => Of(ArgTag.Generator, value);
    public static implicit operator Arg(long[]? value) => Of(ArgTag.IntList, value);
    public static implicit operator Arg(ReadOnlySpan<long> value) => new(ArgTag.IntList, 0, value.ToArray());
    public static implicit operator Arg(Span<long> value) => new(ArgTag.IntList, 0, value.ToArray());
    public static implicit operator Arg((long, long) value) => new long[] { value.Item1, value.Item2 };
    public static implicit operator Arg((long, long, long) value) => new long[] { value.Item1, value.Item2, value.Item3 };
    public static implicit operator Arg(double[]? value) => Of(ArgTag.DoubleList, value);
    public static implicit operator Arg(bool[]? value) => value is null ? None : new(ArgTag.BoolList, 0, Array.ConvertAll(value, v => v ? 1L : 0L));
    public static implicit operator Arg(torch.Tensor?[]? value) => Of(ArgTag.TensorList, value);
    public static implicit operator Arg(List<torch.Tensor>? value) => Of(ArgTag.TensorList, value?.ToArray());
}
