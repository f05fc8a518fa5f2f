using System.Globalization;

namespace GradLint.Samples;

/// <param name="DataPath">The digits, as csv or csv.gz.</param>
/// <param name="Epochs">Passes over the training set.</param>
/// <param name="ReportPath">Where to write what was measured; nowhere when null.</param>
internal sealed record TrainingOptions(string DataPath, int Epochs = 30, string? ReportPath = null)
{
    /// <exception cref="InvalidDataException">The message is what to tell the user.</exception>
    public static TrainingOptions Parse(string[] args)
    {
        var options = new TrainingOptions(Path.Combine(AppContext.BaseDirectory, "digits.csv.gz"));
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new InvalidDataException($"'{args[i]}' needs a value; options: --data FILE, --epochs N, --report FILE");
            options = args[i] switch
            {
                "--data" => options with { DataPath = value },
                "--epochs" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var epochs) && epochs > 0 => options with { Epochs = epochs },
                "--epochs" => throw new InvalidDataException($"--epochs is '{value}' instead of a whole number above 0"),
                "--report" => options with { ReportPath = value },
                _ => throw new InvalidDataException($"unknown option '{args[i]}'; options: --data FILE, --epochs N, --report FILE"),
            };
        }
        return options;
    }
}
