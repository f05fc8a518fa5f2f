using System.Globalization;

namespace GradLint.Build.Verbs;

/// <summary>Prints what was predicted and what was measured of a model, before and after a fix, a line a layer.</summary>
internal static class GradientTable
{
    private const int LayerWidth = 18;
    private const int ColumnWidth = 12;

    /// <param name="predictedBefore">Ratios by layer; of a layer that is missing nothing was predicted.</param>
    public static void Write(IReadOnlyDictionary<string, double> predictedBefore, TrainingReport before,
        IReadOnlyDictionary<string, double> predictedAfter, TrainingReport after)
    {
        WriteLine("", "before the fix".PadRight(3 * ColumnWidth), "after the fix");
        WriteLine("layer", Columns("predicted", "measured", "norm"), Columns("predicted", "measured", "norm"));
        foreach (var (old, @new) in before.Layers.Zip(after.Layers))
            WriteLine(old.Path, Row(predictedBefore, old), Row(predictedAfter, @new));
        Console.WriteLine("  predicted and measured: the L2 norm of the gradient of a layer's weight over that of the output layer; norm: the measured one itself");
    }

    private static void WriteLine(string layer, string before, string after) => Console.WriteLine($"  {layer,-LayerWidth}{before}{after}".TrimEnd());

    private static string Row(IReadOnlyDictionary<string, double> predicted, LayerGradient measured) =>
        Columns(predicted.TryGetValue(measured.Path, out var ratio) ? Number(ratio) : Number(null), Number(measured.Ratio), Number(measured.Norm));

    private static string Columns(params string[] cells) => string.Concat(cells.Select(cell => cell.PadRight(ColumnWidth)));

    private static string Number(double? value) => value?.ToString("0.0e+0", CultureInfo.InvariantCulture) ?? "-";
}
