using Google.Protobuf;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>One value under one tag: a scalar, or the counts of a histogram.</summary>
/// <param name="Tag">What it is shown under; the part before the slash is its group.</param>
/// <param name="Scalar">Null for a histogram.</param>
/// <param name="Histogram">As in <see cref="ParameterSample.Histogram"/>; null for a scalar.</param>
internal sealed record TensorBoardValue(string Tag, double? Scalar, IReadOnlyList<long>? Histogram = null)
{
    /// <summary>Writes it as <c>tensorflow.Summary.Value</c>.</summary>
    public void WriteTo(CodedOutputStream message)
    {
        message.WriteTag(1, WireFormat.WireType.LengthDelimited);
        message.WriteString(Tag);
        if (Scalar is { } scalar)
        {
            message.WriteTag(2, WireFormat.WireType.Fixed32);
            message.WriteFloat((float)scalar);
        }

        if (Histogram is { } counts)
        {
            message.WriteTag(5, WireFormat.WireType.LengthDelimited);
            message.WriteBytes(TensorBoardFile.Message(histogram => WriteHistogram(histogram, counts)));
        }
    }

    /// <summary>Writes counts by binary exponent k as <c>tensorflow.HistogramProto</c> over the axis log2 |gradient|.</summary>
    private static void WriteHistogram(CodedOutputStream message, IReadOnlyList<long> counts)
    {
        var bins = counts.Select((count, bin) => (Count: (double)count, Exponent: (double)(ParameterSample.LowestBin + bin))).ToArray();
        var filled = bins.Where(bin => bin.Count > 0).DefaultIfEmpty((0, ParameterSample.LowestBin)).ToArray();
        WriteDouble(1, filled[0].Exponent);
        WriteDouble(2, filled[^1].Exponent + 1);
        WriteDouble(3, bins.Sum(bin => bin.Count));
        WriteDouble(4, bins.Sum(bin => bin.Count * (bin.Exponent + 0.5)));
        WriteDouble(5, bins.Sum(bin => bin.Count * (bin.Exponent + 0.5) * (bin.Exponent + 0.5)));
        WritePacked(6, bins.Select(bin => bin.Exponent + 1));
        WritePacked(7, bins.Select(bin => bin.Count));

        void WriteDouble(int field, double value)
        {
            message.WriteTag(field, WireFormat.WireType.Fixed64);
            message.WriteDouble(value);
        }

        void WritePacked(int field, IEnumerable<double> values)
        {
            message.WriteTag(field, WireFormat.WireType.LengthDelimited);
            message.WriteBytes(TensorBoardFile.Message(packed =>
            {
                foreach (var value in values)
                    packed.WriteDouble(value);
            }));
        }
    }
}
