using System;
using System.IO;
using System.Linq;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>TorchSharp's own file format: element type, number of dimensions and sizes in LEB128, then the elements.</summary>
public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Encode((long)tensor.dtype);
        writer.Encode(tensor.Dimensions);
        foreach (var size in tensor.shape) writer.Encode(size);
        using var _ = no_grad();
        using var host = tensor.detach().cpu().contiguous();
        writer.Write(Bytes(host));
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location)
    {
        using var stream = File.Create(location);
        tensor.Save(stream);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = (ReadType(reader), ReadShape(reader));
        tensor ??= zeros(shape, type);
        Read(tensor, type, shape, reader, skip);
    }

    /// <summary>Reads into a tensor of the same type and shape; with <paramref name="skip"/>, past what stands in the file.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var type = ReadType(reader);
        if (type != tensor.dtype)
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        Read(tensor, type, ReadShape(reader), reader, skip);
    }

    private static ScalarType ReadType(BinaryReader reader) => (ScalarType)reader.Decode();

    private static long[] ReadShape(BinaryReader reader)
    {
        var shape = new long[reader.Decode()];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Decode();
        return shape;
    }

    private static void Read(Tensor tensor, ScalarType type, long[] shape, BinaryReader reader, bool skip)
    {
        if (!skip && !shape.SequenceEqual(tensor.shape))
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        using var _ = no_grad();
        using var loaded = zeros(shape, type);
        reader.BaseStream.ReadExactly(Bytes(loaded));
        if (!skip) tensor.copy_(loaded);
    }

    private static unsafe Span<byte> Bytes(Tensor tensor) => new(Shim.shim_data(tensor.Handle), checked((int)(tensor.numel() * tensor.ElementSize)));
}
