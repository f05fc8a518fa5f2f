using System.Globalization;
using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Samples;

/// <param name="Pixels">[count, 64], values in 0..1.</param>
/// <param name="Labels">[count], the digits as 64-bit integers.</param>
internal sealed record DigitSet(Tensor Pixels, Tensor Labels)
{
    private const int PixelCount = 64;
    private const int White = 0, Black = 16;

    public long Count => Labels.shape[0];

    /// <summary>Reads the images, shuffles them by the seed and splits them in two.</summary>
    /// <param name="path">A csv file, or a gzipped one ending in .gz.</param>
    /// <param name="testShare">Of all images, 0..1.</param>
    /// <exception cref="InvalidDataException">There is no such file, or a line of it is broken; the message says which and why.</exception>
    public static (DigitSet Train, DigitSet Test) Load(string path, double testShare, int seed)
    {
        var rows = Read(path).ToArray();
        new Random(seed).Shuffle(rows);
        var testCount = (int)(rows.Length * testShare);
        if (testCount == 0 || testCount == rows.Length)
            throw new InvalidDataException($"{path}: {rows.Length} images are too few to train on and to test with");
        return (ToTensors(rows[testCount..]), ToTensors(rows[..testCount]));
    }

    /// <returns>The share of the images that the model names right, 0..1; it is in eval mode afterwards.</returns>
    /// <param name="model">[count, 64] pixels to [count, 10] logits.</param>
    public double AccuracyOf(nn.Module<Tensor, Tensor> model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        model.eval();
        return model.call(Pixels).argmax(1).eq(Labels).to(ScalarType.Float64).mean().item<double>();
    }

    private static DigitSet ToTensors(byte[][] rows)
    {
        var pixels = rows.SelectMany(row => row.Take(PixelCount).Select(value => value / (float)Black)).ToArray();
        var labels = rows.Select(row => (long)row[PixelCount]).ToArray();
        return new(tensor(pixels).reshape(rows.Length, PixelCount), tensor(labels));
    }

    private static IEnumerable<byte[]> Read(string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"{path}: no such file; the digits are samples/data/digits.csv.gz, or name another file with --data");
        return ReadText(path).TrimEnd('\n').Split('\n').Select((line, index) => Parse(line, $"{path}, line {index + 1}"));
    }

    private static string ReadText(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
            return File.ReadAllText(path);
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        try
        {
            return text.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            throw new InvalidDataException($"{path}: not a gzip file, or a damaged one");
        }
    }

    private static byte[] Parse(string line, string place)
    {
        var fields = line.Split(',');
        if (fields.Length != PixelCount + 1)
            throw new InvalidDataException($"{place}: {fields.Length} values instead of {PixelCount} pixels and a label");
        var row = new byte[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var (what, most) = i < PixelCount ? ($"pixel {i + 1}", Black) : ("the label", 9);
            if (!byte.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out row[i]) || row[i] > most)
                throw new InvalidDataException($"{place}: {what} is '{fields[i]}' instead of a whole number from {White} to {most}");
        }
        return row;
    }
}
