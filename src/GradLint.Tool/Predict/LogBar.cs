namespace GradLint.Tool.Predict;

/// <summary>Horizontal bars over a logarithmic axis that all rows of a table share.</summary>
/// <param name="low">log10 of the left end.</param>
/// <param name="high">log10 of the right end.</param>
/// <param name="width">Characters.</param>
/// <param name="isUnicode">Whether the terminal has block characters.</param>
internal sealed class LogBar(double low, double high, int width, bool isUnicode)
{
    private static readonly string[] s_eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

    /// <summary>The ends of the axis, for a heading: <c>1E-10         1</c>.</summary>
    public string Axis
    {
        get
        {
            var (left, right) = (Power(low), Power(high));
            return left + new string(' ', Math.Max(width - left.Length - right.Length, 1)) + right;
        }
    }

    /// <summary>The least bar for values at or below the left end, nothing for no value.</summary>
    public string Of(double log10)
    {
        if (double.IsNaN(log10)) return "";
        var length = Math.Clamp((log10 - low) / (high - low), 0, 1) * width;
        if (!isUnicode) return new string('#', Math.Max((int)Math.Round(length), 1));
        var eighths = Math.Max((int)Math.Round(length * 8), 1);
        return new string('█', eighths / 8) + s_eighths[eighths % 8];
    }

    private static string Power(double log10) => log10 switch
    {
        0 => "1",
        > 0 => $"1E+{log10:0}",
        _ => $"1E{log10:0}",
    };
}
