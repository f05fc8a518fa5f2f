using System.IO;

namespace TorchSharp.Utils;

/// <summary>Unsigned LEB128, the form in which TorchSharp's files hold counts and sizes.</summary>
internal static class Leb128
{
    internal static void Encode(this BinaryWriter writer, long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            writer.Write((byte)(rest | 0x80));
            rest >>= 7;
        }
        writer.Write((byte)rest);
    }

    internal static long Decode(this BinaryReader reader)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = reader.ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return (long)value;
        }
    }
}
