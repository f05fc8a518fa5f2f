using System;
using System.IO;

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
