using System.Globalization;
using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs;

/// <summary>What the programs learn from.</summary>
internal static class Data
{
    private static readonly Lazy<(Tensor Images, Tensor Labels)> Digits = new(Load);

    public static Func<Tensor, Tensor, Tensor> CrossEntropy { get; } = (output, target) => functional.cross_entropy(output, target);

    public static Func<Tensor, Tensor, Tensor> SquaredError { get; } = (output, target) => functional.mse_loss(output, target);

    /// <summary>Batches of the UCI handwritten digits: (batch, 64) in [0, 1], or (batch, 1, 8, 8).</summary>
    public static Func<(Tensor, Tensor)> DigitBatches(int size = 64, bool asImages = false) => () =>
    {
        var chosen = randint(0, Digits.Value.Labels.shape[0], size);
        var images = Digits.Value.Images[chosen];
        return (asImages ? images.reshape(-1, 1, 8, 8) : images, Digits.Value.Labels[chosen]);
    };

    /// <summary>Batches of a smooth function of 8 inputs.</summary>
    public static Func<(Tensor, Tensor)> Regression(int size = 64) => () =>
    {
        var x = randn(size, 8);
        return (x, (x.select(1, 0) * x.select(1, 1) + x.select(1, 2).sin() + 0.5 * x.select(1, 3)).unsqueeze(1));
    };

    /// <summary>Two classes by the sign of what was seen at the first of T steps; the rest is noise.</summary>
    public static Func<(Tensor, Tensor)> FirstStep(int length, int size = 32) => () =>
    {
        var x = randn(size, length, 2) * 0.3;
        var sign = randint(0, 2, size);
        x.select(1, 0).add_((sign.to(ScalarType.Float32) * 4 - 2).unsqueeze(1));
        return (x, sign);
    };

    /// <summary>The adding problem: two of T numbers are marked; their sum is wanted.</summary>
    public static Func<(Tensor, Tensor)> Adding(int length, int size = 32) => () =>
    {
        var values = rand(size, length, 1);
        var marks = zeros(size, length, 1);
        var first = randint(0, length / 2, size).reshape(size, 1, 1);
        var second = randint(length / 2, length, size).reshape(size, 1, 1);
        marks.scatter_(1, first, ones(size, 1, 1)).scatter_(1, second, ones(size, 1, 1));
        return (cat([values, marks], 2), (values * marks).sum(1L));
    };

    private static (Tensor, Tensor) Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "samples", "data", "digits.csv.gz")))
            folder = folder.Parent;
        if (folder is null)
            throw new FileNotFoundException("samples/data/digits.csv.gz is not above the test's folder.");

        using var stream = new GZipStream(File.OpenRead(Path.Combine(folder.FullName, "samples", "data", "digits.csv.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var images = new List<float>();
        var labels = new List<long>();
        while (reader.ReadLine() is { } line)
        {
            var numbers = line.Split(',');
            images.AddRange(numbers.Take(64).Select(number => float.Parse(number, CultureInfo.InvariantCulture) / 16));
            labels.Add(long.Parse(numbers[64], CultureInfo.InvariantCulture));
        }

        using var scope = NewDisposeScope();
        return (tensor(images.ToArray()).reshape(-1, 64).DetachFromDisposeScope(), tensor(labels.ToArray()).DetachFromDisposeScope());
    }
}
