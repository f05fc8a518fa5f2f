using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace GradLint.Runtime.Sinks;

/// <summary>
/// An event file as TensorBoard reads it: records, each with its length and masked CRC-32C checksums of length and data (the
/// TFRecord format), whose data are <c>tensorflow.Event</c> messages of protobuf.
/// </summary>
internal sealed class TensorBoardFile : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;

    private readonly FileStream _file;

    public TensorBoardFile(string path)
    {
        _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        Append(Event(DateTimeOffset.UtcNow, step: 0, message =>
        {
            message.WriteTag(3, WireFormat.WireType.LengthDelimited);
            message.WriteString("brain.Event:2");
        }));
        _file.Flush();
    }

    /// <summary>Appends one event with all values of a step.</summary>
    public void Append(DateTimeOffset time, long step, IReadOnlyList<TensorBoardValue> values)
    {
        if (values.Count == 0)
            return;
        Append(Event(time, step, message =>
        {
            message.WriteTag(5, WireFormat.WireType.LengthDelimited);
            message.WriteBytes(Message(summary =>
            {
                foreach (var value in values)
                {
                    summary.WriteTag(1, WireFormat.WireType.LengthDelimited);
                    summary.WriteBytes(Message(value.WriteTo));
                }
            }));
        }));
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>CRC-32C (Castagnoli).</summary>
    internal static uint Checksum(ReadOnlySpan<byte> data)
    {
        var checksum = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in data[(data.Length & ~7)..])
            checksum = BitOperations.Crc32C(checksum, rest);
        return ~checksum;
    }

    /// <summary>A protobuf message.</summary>
    internal static ByteString Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var message = new CodedOutputStream(bytes, leaveOpen: true))
            write(message);
        return ByteString.CopyFrom(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static ByteString Event(DateTimeOffset time, long step, Action<CodedOutputStream> content) => Message(message =>
    {
        message.WriteTag(1, WireFormat.WireType.Fixed64);
        message.WriteDouble((time - DateTimeOffset.UnixEpoch).TotalSeconds);
        message.WriteTag(2, WireFormat.WireType.Varint);
        message.WriteInt64(step);
        content(message);
    });

    private void Append(ByteString data)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        _file.Write(length);
        WriteChecksum(length);
        _file.Write(data.Span);
        WriteChecksum(data.Span);
    }

    private void WriteChecksum(ReadOnlySpan<byte> data)
    {
        Span<byte> masked = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, BitOperations.RotateRight(Checksum(data), 15) + MaskDelta);
        _file.Write(masked);
    }
}
