using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>All sinks of a monitor. One that fails is reported once and left out from then on.</summary>
internal sealed class SinkGroup
{
    private readonly List<IMonitorSink> _sinks = [];
    private const int MostFailures = 20;

    private readonly Dictionary<string, int> _failures = [];
    private readonly bool _console;

    public SinkGroup(GradientMonitorOptions options)
    {
        _console = options.Console;
        if (options.LogPath is not null)
            Guard("the log", () => _sinks.Add(new JsonLinesSink(options.LogPath)));
        if (options.TensorBoardFolder is not null)
            Guard("the TensorBoard file", () => _sinks.Add(new TensorBoardSink(options.TensorBoardFolder)));
        // Before what prints findings: it makes room for them.
        if (options.Progress)
            _sinks.Add(new ProgressSink());
        if (options.Console)
            _sinks.Add(new ConsoleSink());
        if (options.PostMortemPath is not null)
            _sinks.Add(new PostMortemSink(options.PostMortemPath));
        if (options.HtmlPath is not null)
            _sinks.Add(new HtmlSink(options.HtmlPath));
        if (options.SarifPath is not null)
            _sinks.Add(new SarifSink(options.SarifPath));
        if (options.EvidencePath is not null)
            _sinks.Add(new EvidenceSink(options.EvidencePath));
        _sinks.AddRange(options.Sinks);
    }

    /// <summary>What went wrong, each once, with how often it did.</summary>
    public IReadOnlyList<string> Failures => [.. _failures.Select(failure => failure.Value == 1 ? failure.Key : $"{failure.Key} ({failure.Value} times)")];

    public void Begin(RunInfo run) => ForEach(sink => sink.Begin(run));

    public void Write(Sample sample) => ForEach(sink => sink.Write(sample));

    public void Write(Finding finding) => ForEach(sink => sink.Write(finding));

    public void End(RunReport report)
    {
        ForEach(sink => sink.End(report));
        foreach (var sink in _sinks.OfType<IDisposable>())
            Guard(sink.GetType().Name, sink.Dispose);
    }

    /// <summary>Notes a failure, and says so the first time.</summary>
    public void Fail(string failure)
    {
        if (!_failures.ContainsKey(failure) && _failures.Count >= MostFailures)
            return;
        var times = _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
        if (_console && times == 1)
            Console.Error.WriteLine($"GradLint monitor: {failure} (training goes on)");
    }

    /// <returns>Whether it went well.</returns>
    public bool Guard(string what, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception)
        {
            Fail($"{what} failed: {exception.Message}");
            return false;
        }
    }

    private void ForEach(Action<IMonitorSink> action) =>
        _sinks.RemoveAll(sink => !Guard(sink.GetType().Name, () => action(sink)));
}
