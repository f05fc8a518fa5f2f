using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp.Utils;

/// <summary>
/// Reads and writes the elements of a CPU tensor in place, in row-major order whatever its strides. It stays valid as
/// long as it is referenced: it keeps the tensor, and a temporary copy where the tensor was on another device.
/// </summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly bool ownsTensor;
    private readonly long[] shape, strides;
    private readonly T* data;

    internal TensorAccessor(torch.Tensor tensor, bool ownsTensor = false)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        (this.tensor, this.ownsTensor) = (tensor, ownsTensor);
        shape = tensor.shape;
        strides = tensor.stride();
        Count = tensor.numel();
        data = (T*)Shim.shim_data(tensor.Handle);
        if (data == null && Count > 0) throw Shim.Error();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    /// <summary>One index counts elements in row-major order, several are the element's coordinates.</summary>
    public T this[params long[] indices]
    {
        get => data[Offset(indices)];
        set => data[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan());
        return result;
    }

    /// <summary>An array of the tensor's rank; of rank one for a tensor of no dimensions.</summary>
    public Array ToNDArray()
    {
        if (shape.Length < 2) return ToArray();
        var result = Array.CreateInstance(typeof(T), shape);
        fixed (byte* start = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result))
            CopyTo(new Span<T>(start, checked((int)Count)));
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        for (long i = tensorIndex; i < Count && arrayIndex < array.Length; i++) array[arrayIndex++] = data[Offset(i)];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        for (long i = tensorIndex; i < Count && arrayIndex < array.Length; i++) data[Offset(i)] = array[arrayIndex++];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        if (ownsTensor) tensor.Dispose();
    }

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => tensor.GetHashCode();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    private long Offset(long index)
    {
        if (index < 0 || index >= Count) throw new IndexOutOfRangeException($"{index} in a tensor of {Count} elements.");
        long offset = 0;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            (index, long coordinate) = Math.DivRem(index, shape[i]);
            offset += coordinate * strides[i];
        }
        return offset;
    }

    private long Offset(long[] coordinates)
    {
        if (coordinates.Length == 1) return Offset(coordinates[0]);
        long offset = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            if (coordinates[i] < 0 || coordinates[i] >= shape[i]) throw new IndexOutOfRangeException($"{coordinates[i]} >= {shape[i]} in dimension {i}.");
            offset += coordinates[i] * strides[i];
        }
        return offset;
    }
}
