using System.Text;
using Google.Protobuf;
using GradLint.Runtime.Recording;
using GradLint.Runtime.Sinks;
using GradLint.Runtime.Tests.Programs;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>The event file, read back record by record.</summary>
public sealed class TensorBoardTests
{
    /// <summary>The check value of the algorithm, and test vectors of RFC 3720, appendix B.4.</summary>
    public static TheoryData<byte[], uint> Checksums => new()
    {
        { Encoding.ASCII.GetBytes("123456789"), 0xE3069283 },
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
    };

    [Theory]
    [MemberData(nameof(Checksums))]
    public void Checksum_IsCrc32C(byte[] data, uint expected) => Assert.Equal(expected, TensorBoardFile.Checksum(data));

    [Fact]
    public void EventFile_HoldsWhatTheSamplesHold()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var options = new GradientMonitorOptions { Console = false, Interval = 10, Histograms = true, TensorBoardFolder = folder.File("runs") };

        var report = new Training { Options = options, Steps = 50 }
            .Sgd(Models.Stack(2, 8, Tanh), 0.05, Data.DigitBatches(), Data.CrossEntropy);

        var file = Assert.Single(Directory.GetFiles(folder.File("runs")));
        Assert.Matches(@"^events\.out\.tfevents\.\d{10}\.", Path.GetFileName(file));
        var events = Records(file).Select(Event.Parse).ToArray();
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(report.Samples.Select(sample => sample.Step), events.Skip(1).Select(entry => entry.Step));
        foreach (var (sample, entry) in report.Samples.Zip(events.Skip(1)))
        {
            Assert.Equal((float)sample.Loss!.Mean, entry.Scalars["loss"]);
            Assert.Equal((float)sample.Parameters[0].Gradient!.Value, entry.Scalars["gradient/fc0.weight"]);
            Assert.Equal(1f, entry.Scalars["gradient_ratio/head.weight"]);
            Assert.Equal(64 * 8, entry.Counts["log2_gradient/fc0.weight"]);
            Assert.Equal(report.Run.Started.AddSeconds(sample.Seconds).ToUnixTimeSeconds(), (long)entry.Time);
        }
    }

    [Fact]
    public void FolderThatCannotBe_IsReportedAndTrainingGoesOn()
    {
        using var scope = torch.NewDisposeScope();
        var report = new Training { Options = new() { Console = false, TensorBoardFolder = "/dev/null/runs" }, Steps = 3, MayFail = true }
            .Sgd(Models.Stack(1, 4, Tanh), 0.05, Data.DigitBatches(), Data.CrossEntropy);

        Assert.Contains("TensorBoard", Assert.Single(report.Failures));
        Assert.NotEmpty(report.Samples);
    }

    /// <summary>Length, its checksum, data, their checksum; both checksums rotated by 15 bits and offset.</summary>
    private static IEnumerable<byte[]> Records(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            var length = reader.ReadBytes(8);
            Assert.Equal(Masked(length), reader.ReadUInt32());
            var data = reader.ReadBytes((int)BitConverter.ToUInt64(length));
            Assert.Equal(Masked(data), reader.ReadUInt32());
            yield return data;
        }

        static uint Masked(byte[] data)
        {
            var checksum = TensorBoardFile.Checksum(data);
            return unchecked(((checksum >> 15) | (checksum << 17)) + 0xa282ead8);
        }
    }

    private sealed record Event(double Time, long Step, string? Version, Dictionary<string, float> Scalars, Dictionary<string, double> Counts)
    {
        public static Event Parse(byte[] data)
        {
            var (time, step, version) = (0.0, 0L, (string?)null);
            var (scalars, counts) = (new Dictionary<string, float>(), new Dictionary<string, double>());
            Read(data, (field, input) =>
            {
                switch (field)
                {
                    case 1: time = input.ReadDouble(); break;
                    case 2: step = input.ReadInt64(); break;
                    case 3: version = input.ReadString(); break;
                    case 5: Read(input.ReadBytes().ToByteArray(), (_, summary) => ReadValue(summary.ReadBytes().ToByteArray())); break;
                }
            });
            return new(time, step, version, scalars, counts);

            void ReadValue(byte[] value)
            {
                var tag = "";
                Read(value, (field, input) =>
                {
                    switch (field)
                    {
                        case 1: tag = input.ReadString(); break;
                        case 2: scalars[tag] = input.ReadFloat(); break;
                        case 5: ReadHistogram(tag, input.ReadBytes().ToByteArray()); break;
                    }
                });
            }

            void ReadHistogram(string tag, byte[] histogram)
            {
                var packed = new Dictionary<int, double[]>();
                var single = new Dictionary<int, double>();
                Read(histogram, (field, input) =>
                {
                    if (field < 6)
                        single[field] = input.ReadDouble();
                    else
                        packed[field] = input.ReadBytes().ToByteArray().Chunk(8).Select(bytes => BitConverter.ToDouble(bytes)).ToArray();
                });
                Assert.Equal(packed[6].Length, packed[7].Length);
                Assert.Equal(packed[6], packed[6].Order());
                Assert.Equal(single[3], packed[7].Sum());
                Assert.True(single[1] < single[2]);
                counts[tag] = single[3];
            }
        }

        private static void Read(byte[] data, Action<int, CodedInputStream> read)
        {
            var input = new CodedInputStream(data);
            for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
                read(WireFormat.GetTagFieldNumber(tag), input);
        }
    }
}
