using System;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Create(requires_grad, "aten::arange.start_step", start, stop, step, dtype, Arg.None, InitializeDevice(device));

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Create(requires_grad, "aten::linspace", start, end, steps, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device));
    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Create(requires_grad, "aten::logspace", start, end, steps, @base, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device));

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create(requires_grad, "aten::eye.m", rows, columns == -1 ? rows : columns, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device));

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create(requires_grad, "aten::empty_strided", size, strides, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device));
    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Create(requires_grad, "aten::hann_window.periodic", len, periodic, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device));

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Create(requires_grad, "aten::randperm.generator", n, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device));

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(size, dtype, device, false, generator).mul_(std).add_(mean).requires_grad_(requires_grad);
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => randn(mean.shape, generator: generator).mul_(std).add_(mean);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create(requires_grad, "aten::zeros_like", input, dtype, Arg.None, device);
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create(requires_grad, "aten::ones_like", input, dtype, Arg.None, device);
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create(requires_grad, "aten::empty_like", input, dtype, Arg.None, device);
    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create(requires_grad, "aten::full_like", input, value, dtype, Arg.None, device);
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Create(requires_grad, "aten::rand_like", input, dtype, Arg.None, device);
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Create(requires_grad, "aten::randn_like", input, dtype, Arg.None, device);
    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Create(requires_grad, "aten::randint_like.low_dtype", input, low, high, dtype, Arg.None, device);

    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], dtype, device, requires_grad);
    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], null, device, requires_grad);
    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], null, device, requires_grad);
    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], null, device, requires_grad);
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], null, device, requires_grad);
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], dtype, device, requires_grad);
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], null, device, requires_grad);
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => FromHost(new[] { scalar }, [], dtype, device, requires_grad);

    /// <summary>A tensor of an array of any rank and numeric element type.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromHost(rawArray, Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength).ToArray(), dtype, device, requires_grad);
    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) => data.to(dtype ?? data.dtype, device ?? data.device);

    /// <summary>A factory whose schema is (size, <paramref name="more"/>, dtype, layout, device).</summary>
    private static Tensor New(string op, ReadOnlySpan<long> size, Arg[] more, ScalarType? dtype, Device? device, bool requiresGrad) =>
        Create(requiresGrad, op, [size, .. more, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)]);

    private static Tensor Create(bool requiresGrad, string op, params ReadOnlySpan<Arg> args)
    {
        var result = Aten.Call(op, args);
        if (requiresGrad) result.requires_grad = true;
        return result;
    }

    /// <summary>Copies host memory; the element type is the array's unless <paramref name="dtype"/> asks for a conversion.</summary>
    /// <exception cref="ArgumentException">When the array has fewer elements than the dimensions say.</exception>
    internal static unsafe Tensor FromHost(Array data, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        long count = 1;
        foreach (long length in dimensions) count *= length;
        if (count > data.LongLength) throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {data.LongLength}");

        device = InitializeDevice(device);
        var type = TypeOf(data.GetType().GetElementType()!);
        fixed (byte* start = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(data))
        fixed (long* sizes = dimensions)
            return new Tensor(Shim.Check(Shim.shim_from_host(start, sizes, dimensions.Length, (int)type, (int)(dtype ?? type), (int)device.type, device.index, requiresGrad ? 1 : 0)));
    }

    internal static ScalarType TypeOf(Type type) => type switch
    {
        _ when type == typeof(float) => ScalarType.Float32,
        _ when type == typeof(double) => ScalarType.Float64,
        _ when type == typeof(long) => ScalarType.Int64,
        _ when type == typeof(int) => ScalarType.Int32,
        _ when type == typeof(short) => ScalarType.Int16,
        _ when type == typeof(sbyte) => ScalarType.Int8,
        _ when type == typeof(byte) => ScalarType.Byte,
        _ when type == typeof(bool) => ScalarType.Bool,
        _ when type == typeof(Half) => ScalarType.Float16,
        _ => throw new NotSupportedException($"A tensor has no element type for {type}."),
    };
}
