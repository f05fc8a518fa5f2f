using System;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor rand(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [dim0, dim1, dim2, dim3], [generator], dtype, device, requires_grad);
    public static Tensor rand(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [dim0, dim1, dim2], [generator], dtype, device, requires_grad);
    public static Tensor rand(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [rows, columns], [generator], dtype, device, requires_grad);
    public static Tensor rand(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [size], [generator], dtype, device, requires_grad);
    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [dim0, dim1, dim2, dim3], [generator], dtype, device, requires_grad);
    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [dim0, dim1, dim2], [generator], dtype, device, requires_grad);
    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [rows, columns], [generator], dtype, device, requires_grad);
    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", [size], [generator], dtype, device, requires_grad);
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", size, [generator], dtype, device, requires_grad);
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::rand.generator", size, [generator], dtype, device, requires_grad);

    public static Tensor randn(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [dim0, dim1, dim2, dim3], [generator], dtype, device, requires_grad);
    public static Tensor randn(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [dim0, dim1, dim2], [generator], dtype, device, requires_grad);
    public static Tensor randn(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [rows, columns], [generator], dtype, device, requires_grad);
    public static Tensor randn(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [size], [generator], dtype, device, requires_grad);
    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [dim0, dim1, dim2, dim3], [generator], dtype, device, requires_grad);
    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [dim0, dim1, dim2], [generator], dtype, device, requires_grad);
    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [rows, columns], [generator], dtype, device, requires_grad);
    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", [size], [generator], dtype, device, requires_grad);
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", size, [generator], dtype, device, requires_grad);
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        New("aten::randn.generator", size, [generator], dtype, device, requires_grad);

    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Create(requires_grad, "aten::randint.low_generator", low, high, new Size(size).Shape, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device));
    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Create(requires_grad, "aten::randint.low_generator", 0, high, new Size(size).Shape, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device));
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Create(requires_grad, "aten::randint.low_generator", low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device));
    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Create(requires_grad, "aten::randint.low_generator", low, high, size.Shape, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device));
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Create(requires_grad, "aten::randint.low_generator", 0, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device));
    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Create(requires_grad, "aten::randint.low_generator", 0, high, size.Shape, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device));
}
