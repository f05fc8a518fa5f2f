using System;
using System.IO;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static void save(Tensor t, string location) => t.save(location);

    public static Tensor load(string location) => Tensor.load(location);

    public partial class Tensor
    {
        /// <summary>The memory of a contiguous CPU tensor; assigning copies into it.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (device_type != DeviceType.CPU) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                if (!is_contiguous()) throw new InvalidOperationException("The bytes of a non-contiguous tensor are not in order. Call contiguous() first.");
                void* data = Shim.shim_data(Handle);
                return data == null && NumberOfElements > 0 ? throw Shim.Error() : new Span<byte>(data, checked((int)(NumberOfElements * ElementSize)));
            }
            set
            {
                var memory = bytes;
                if (value.Length != memory.Length) throw new ArgumentException($"{value.Length} bytes for a tensor of {memory.Length}.");
                value.CopyTo(memory);
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            using var ordered = contiguous();
            stream.Write(ordered.bytes);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024) => stream.ReadExactly(bytes);

        public void save(string location) => this.Save(location);

        public static Tensor load(string location) => Load(location);
        public static Tensor Load(string location)
        {
            using var file = File.OpenRead(location);
            return Load(file);
        }

        public static Tensor Load(Stream stream) => Load(new BinaryReader(stream));
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);
        public float ReadCpuFloat16(long i) => (float)ReadCpuValue<Half>(i);
        public T ReadCpuValue<T>(long i) where T : unmanaged => data<T>()[i];
    }
}

// TorchSharp's own file layout: element type, rank and lengths as 7-bit encoded integers, then the elements in row-major order.
public static partial class TensorExtensionMethods
{
    public static void Save(this torch.Tensor tensor, string location)
    {
        using var file = File.Create(location);
        tensor.Save(file);
    }

    public static void Save(this torch.Tensor tensor, Stream stream) => tensor.Save(new BinaryWriter(stream));

    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt((int)tensor.dtype);
        writer.Write7BitEncodedInt(tensor.shape.Length);
        foreach (long length in tensor.shape) writer.Write7BitEncodedInt64(length);
        writer.Flush();
        using var host = tensor.cpu();
        host.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>A new tensor; with <paramref name="skip"/> its data are passed over and it is zero.</summary>
    public static torch.Tensor Load(BinaryReader reader, bool skip = false)
    {
        torch.Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    /// <summary>Into a tensor of the same type and shape, wherever it is; with <paramref name="skip"/> the data are passed over.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        torch.Tensor? target = tensor;
        Load(ref target, reader, skip);
    }

    public static void Load(ref torch.Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var type = (torch.ScalarType)reader.Read7BitEncodedInt();
        var shape = new long[reader.Read7BitEncodedInt()];
        for (int i = 0; i < shape.Length; i++) shape[i] = reader.Read7BitEncodedInt64();

        if (tensor is not null && tensor.dtype != type)
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        if (tensor is not null && !skip && !tensor.shape.SequenceEqual(shape))
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");

        using var read = torch.empty(shape, type, torch.CPU);
        read.ReadBytesFromStream(reader.BaseStream);
        tensor ??= torch.zeros(shape, type);
        if (skip) return;
        using (torch.no_grad()) tensor.copy_(read);
    }
}
