using System.Globalization;
using System.Text;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>Matrices × samples, coloured by the logarithm of the gradient ratio: blue below 1, red above.</summary>
internal static class HeatMap
{
    private const int MaxColumns = 120;
    private const int RowHeight = 16;
    private const int LabelWidth = 190;
    private const int Width = 1040;
    private const double Decades = 6;

    public static void Append(StringBuilder page, RunReport report)
    {
        var stride = (int)Math.Ceiling(report.Samples.Count / (double)MaxColumns);
        var samples = report.Samples.Where((_, i) => i % stride == 0).ToArray();
        var view = new RunView(report.Run, samples, report.Loss, new());
        var matrices = view.Matrices.ToArray();
        var column = (Width - LabelWidth) / (double)samples.Length;
        var height = (matrices.Length * RowHeight) + 24;

        page.AppendLine("<h2>Gradient ratio to the output layer, by matrix and step</h2>");
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"heat map\">");
        for (var row = 0; row < matrices.Length; row++)
        {
            var label = report.Run.Parameters[matrices[row]].Path;
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 6}\" y=\"{(row * RowHeight) + 12}\" text-anchor=\"end\">{HtmlReport.Text(Shorten(label))}</text>");
            for (var i = 0; i < samples.Length; i++)
            {
                var ratio = view.Ratio(samples[i], matrices[row]);
                page.Append(CultureInfo.InvariantCulture, $"<rect x=\"{LabelWidth + (i * column):0.#}\" y=\"{row * RowHeight}\" width=\"{column + 0.3:0.#}\" height=\"{RowHeight - 1}\" fill=\"{Color(ratio)}\"><title>{HtmlReport.Text(label)}, step {samples[i].Step}: {SampleTable.Number(ratio)}</title></rect>");
            }
        }

        foreach (var i in new[] { 0, samples.Length / 2, samples.Length - 1 }.Distinct())
        {
            var anchor = i == 0 ? "start" : i == samples.Length - 1 ? "end" : "middle";
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth + ((i + (i == 0 ? 0 : i == samples.Length - 1 ? 1 : 0.5)) * column):0.#}\" y=\"{height - 8}\" text-anchor=\"{anchor}\">{samples[i].Step}</text>");
        }

        page.AppendLine("</svg>");
        page.AppendLine("<div class=\"legend\">≤ 1e-6<div class=\"bar\" style=\"background:linear-gradient(to right,#08306b,#6baed6,#eef1ee,#fb8a5a,#7f0000)\"></div>≥ 1e+6 &nbsp; grey: none</div>");
    }

    private static string Shorten(string label) => label.Length <= 28 ? label : "…" + label[^27..];

    private static string Color(double? ratio)
    {
        if (ratio is null || !double.IsFinite(ratio.Value))
            return "#9aa5b1";
        var level = ratio == 0 ? -1 : Math.Clamp(Math.Log10(ratio.Value) / Decades, -1, 1);
        // White at 1; dark blue at 1e-6, dark red at 1e6, by way of a lighter tone.
        return level < 0 ? Blend(-level, (0xee, 0xf1, 0xee), (0x6b, 0xae, 0xd6), (0x08, 0x30, 0x6b)) : Blend(level, (0xee, 0xf1, 0xee), (0xfb, 0x8a, 0x5a), (0x7f, 0, 0));
    }

    private static string Blend(double at, (int R, int G, int B) none, (int R, int G, int B) half, (int R, int G, int B) full)
    {
        var (from, to, share) = at < 0.5 ? (none, half, at * 2) : (half, full, (at * 2) - 1);
        return $"#{Mix(from.R, to.R):x2}{Mix(from.G, to.G):x2}{Mix(from.B, to.B):x2}";

        int Mix(int first, int second) => (int)Math.Round(first + ((second - first) * share));
    }
}
