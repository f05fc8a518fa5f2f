using System.Globalization;
using System.Text;

namespace GradLint.Runtime.Sinks;

/// <summary>One or two curves over the steps, as inline SVG.</summary>
internal static class LineChart
{
    private const int Width = 1040;
    private const int Height = 180;
    private const int Left = 70;
    private const int Bottom = 22;

    public static void Append(
        StringBuilder page, string title, IReadOnlyList<(long Step, double Value)> curve, bool logarithmic,
        IReadOnlyList<(long Step, double Value)>? second = null, string axis = "step")
    {
        var finite = curve.Concat(second ?? []).Where(point => double.IsFinite(point.Value) && (!logarithmic || point.Value > 0)).ToArray();
        if (finite.Length == 0)
            return;

        var (low, high) = (finite.Min(point => Scale(point.Value)), finite.Max(point => Scale(point.Value)));
        if (logarithmic)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        if (high - low < 1e-12)
            (low, high) = (low - 0.5, high + 0.5);
        var last = Math.Max(1, finite.Max(point => point.Step));

        page.AppendLine($"<h2>{HtmlReport.Text(title)}</h2>");
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{HtmlReport.Text(title)}\">");
        foreach (var level in Ticks(low, high, logarithmic))
        {
            var label = logarithmic ? $"1e{level:0}" : level.ToString("G4", CultureInfo.InvariantCulture);
            page.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width}\" y1=\"{Y(level):0.#}\" y2=\"{Y(level):0.#}\" stroke=\"#8884\"/><text x=\"{Left - 6}\" y=\"{Y(level) + 4:0.#}\" text-anchor=\"end\">{label}</text>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Height - 4}\">0</text><text x=\"{Width}\" y=\"{Height - 4}\" text-anchor=\"end\">{axis} {last}</text>");
        Line(curve, "#2f6fde");
        if (second is not null)
            Line(second, "#d9822b");
        page.AppendLine("</svg>");

        double Scale(double value) => logarithmic ? Math.Log10(value) : value;

        double Y(double level) => 8 + ((Height - Bottom - 8) * (high - level) / (high - low));

        void Line(IReadOnlyList<(long Step, double Value)> points, string color)
        {
            var path = string.Join(' ', points
                .Where(point => double.IsFinite(point.Value) && (!logarithmic || point.Value > 0))
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"{Left + ((Width - Left) * point.Step / (double)last):0.#},{Y(Scale(point.Value)):0.#}")));
            page.Append($"<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.6\"/>");
        }
    }

    /// <summary>About five levels: whole powers of ten, or equal parts.</summary>
    private static IEnumerable<double> Ticks(double low, double high, bool logarithmic)
    {
        var stride = logarithmic ? Math.Max(1, Math.Ceiling((high - low) / 5)) : (high - low) / 4;
        for (var tick = 0; low + (tick * stride) <= high + (stride / 100); tick++)
            yield return low + (tick * stride);
    }
}
