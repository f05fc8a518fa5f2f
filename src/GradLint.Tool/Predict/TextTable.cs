using Spectre.Console;

namespace GradLint.Tool.Predict;

/// <summary>Columns of text, aligned, each row a line: nothing wraps, and a narrow terminal shortens names before numbers.</summary>
internal sealed class TextTable(params TextTable.Column[] columns)
{
    private const int Indent = 2, Gap = 2;
    private readonly List<Cell[]> _rows = [];

    internal readonly record struct Column(string Heading, bool IsNumber = false);

    /// <param name="Text">What stands there.</param>
    /// <param name="Style">A style of Spectre.Console, such as <c>red</c>; null for none.</param>
    internal readonly record struct Cell(string Text, string? Style = null)
    {
        public static implicit operator Cell(string text) => new(text);
    }

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Characters that the columns take beside the first, gaps and indent included.</summary>
    public int WidthWithoutFirst => Indent + Enumerable.Range(1, columns.Length - 1).Where(IsUsed).Sum(i => Gap + Width(i));

    public void Print(IAnsiConsole console)
    {
        var first = Math.Max(Math.Min(Width(0), console.Profile.Width - WidthWithoutFirst - 1), 8);
        var used = Enumerable.Range(0, columns.Length).Where(i => i == 0 || IsUsed(i)).ToArray();
        Line(console, i => new(columns[i].Heading, "grey"), used, first);
        foreach (var row in _rows)
            Line(console, i => row[i], used, first);
    }

    private void Line(IAnsiConsole console, Func<int, Cell> cell, int[] used, int first)
    {
        var line = new string(' ', Indent);
        var last = used.Where(i => cell(i).Text.Length > 0).DefaultIfEmpty(0).Max();
        foreach (var i in used.Where(i => i <= last))
        {
            var (text, style) = cell(i);
            if (i == 0 && text.Length > first)
                text = (console.Profile.Capabilities.Unicode ? "…" : "~") + text[^(first - 1)..];
            var width = i == 0 ? first : Width(i);
            var padded = columns[i].IsNumber ? text.PadLeft(width) : i == last ? text : text.PadRight(width);
            if (i > 0)
                line += new string(' ', Gap);
            line += style is null || text.Length == 0 ? Markup.Escape(padded) : $"[{style}]{Markup.Escape(padded)}[/]";
        }

        console.MarkupLine(line);
    }

    private bool IsUsed(int column) => _rows.Any(row => row[column].Text.Length > 0);

    private int Width(int column) => _rows.Select(row => row[column].Text.Length).Append(columns[column].Heading.Length).Max();
}
