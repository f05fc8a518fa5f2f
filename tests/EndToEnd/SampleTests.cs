using System.IO.Compression;
using GradLint.Build;

namespace GradLint.EndToEnd;

/// <summary>The built sample, given what users give programs.</summary>
public sealed class SampleTests : IDisposable
{
    private const string Digit = "0,0,5,13,9,1,0,0,0,0,13,15,10,15,5,0,0,3,15,2,0,11,8,0,0,4,12,0,0,8,8,0,0,5,8,0,0,9,8,0,0,4,11,0,1,12,7,0,0,2,14,5,10,12,0,0,0,0,6,13,10,0,0,0,0";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void MissingData_NamesTheFile() =>
        BuildProgram.AssertFails(Train("--data", "nowhere.csv"), "nowhere.csv", "no such file", "--data");

    [Theory]
    [InlineData("1,2,3", "line 2: 3 values instead of 64 pixels and a label")]
    [InlineData("", "line 2: 1 values instead of 64 pixels and a label")]
    [InlineData("17" + "|1", "line 2: pixel 1 is '17' instead of a whole number from 0 to 16")]
    [InlineData("-1" + "|1", "line 2: pixel 1 is '-1' instead of a whole number from 0 to 16")]
    [InlineData("x" + "|1", "line 2: pixel 1 is 'x' instead of a whole number from 0 to 16")]
    [InlineData("0" + "|10", "line 2: the label is '10' instead of a whole number from 0 to 9")]
    public void BrokenLine_NamesFileLineAndFault(string line, string fault)
    {
        // "first pixel|label" stands for a whole line.
        var broken = line.Split('|') is [var pixel, var label] ? $"{pixel},{string.Join(',', Enumerable.Repeat("0", 63))},{label}" : line;
        var file = folder.Write("broken.csv", $"{Digit}\n{broken}\n{Digit}\n");

        BuildProgram.AssertFails(Train("--data", file), $"broken.csv, {fault}");
    }

    [Fact]
    public void FileThatIsNoGzip_IsSaidToBeNone() =>
        BuildProgram.AssertFails(Train("--data", folder.Write("digits.csv.gz", Digit)), "digits.csv.gz", "not a gzip file");

    [Fact]
    public void TooFewImages_AreNotTrainedOn()
    {
        var file = Path.Combine(folder.Path, "few.csv.gz");
        using (var text = new StreamWriter(new GZipStream(File.Create(file), CompressionMode.Compress)))
            text.Write($"{Digit}\n{Digit}\n");

        BuildProgram.AssertFails(Train("--data", file), "few.csv.gz", "2 images are too few");
    }

    [Theory]
    [InlineData("--epochs 0", "--epochs", "'0'")]
    [InlineData("--data", "--data", "value")]
    [InlineData("--speed 3", "--speed", "--epochs N")]
    public void WrongOption_IsOneErrorLine(string arguments, string what, string remedy) =>
        BuildProgram.AssertFails(Train(arguments.Split(' ')), what, remedy);

    [Fact]
    public void Report_IsNotWrittenWhenTrainingFails()
    {
        var report = Path.Combine(folder.Path, "report.json");

        Train("--report", report, "--data", "nowhere.csv");

        Assert.False(File.Exists(report));
    }

    public void Dispose() => folder.Dispose();

    private static Captured Train(params string[] arguments) =>
        Shell.Capture(Shell.Dotnet, ["exec", Repository.At("samples", "DeepSigmoidDigits", "bin", "Debug", "net10.0", "DeepSigmoidDigits.dll"), .. arguments]);
}
