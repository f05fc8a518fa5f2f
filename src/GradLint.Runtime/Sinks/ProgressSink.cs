using System.Globalization;
using GradLint.Runtime.Recording;
using Spectre.Console;

namespace GradLint.Runtime.Sinks;

/// <summary>One line on the terminal, written anew at each sample; nothing where the output is redirected.</summary>
public sealed class ProgressSink(IAnsiConsole? console = null) : IMonitorSink
{
    private const string Anew = "\r\u001b[2K";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console = console ?? AnsiConsole.Console;
    private RunInfo? _run;
    private DateTimeOffset _shown;
    private int _warnings;
    private bool _isOpen;

    private bool IsTerminal => _console.Profile.Out.IsTerminal && _console.Profile.Capabilities.Ansi;

    public void Begin(RunInfo run) => _run = run;

    public void Write(Sample sample)
    {
        if (!IsTerminal || DateTimeOffset.Now - _shown < Pause)
            return;
        _shown = DateTimeOffset.Now;
        _isOpen = true;
        var worst = new SampleTable(_run!, sample).Rows.Where(row => row.Ratio is not null).MinBy(row => row.Ratio);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"step {sample.Step}  {sample.Step / Math.Max(sample.Seconds, 1e-3):0.#}/s  loss {SampleTable.Number(sample.Loss?.Mean)}  smallest ratio {SampleTable.Number(worst?.Ratio)} {worst?.Path}  {_warnings} warnings");
        _console.Write(new ControlCode(Anew));
        // A line that wraps could not be taken back.
        _console.Write(new Text(line[..Math.Min(line.Length, Math.Max(1, _console.Profile.Width - 1))]));
    }

    public void Write(Finding finding)
    {
        if (finding.Severity == FindingSeverity.Warning)
            _warnings++;
        Clear();
    }

    public void End(RunReport report) => Clear();

    private void Clear()
    {
        if (_isOpen)
            _console.Write(new ControlCode(Anew));
        _isOpen = false;
    }
}
