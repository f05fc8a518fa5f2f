using System.Text.Json;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>Writes the run's log. Every line is flushed: a killed process leaves all it had written.</summary>
internal sealed class JsonLinesSink : IMonitorSink, IDisposable
{
    private readonly StreamWriter _writer;

    public JsonLinesSink(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        _writer = new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    public void Begin(RunInfo run) => Write(new LogEntry(Run: run));

    public void Write(Sample sample) => Write(new LogEntry(Sample: sample));

    public void Write(Finding finding) => Write(new LogEntry(Finding: finding));

    public void End(RunReport report) => _writer.Flush();

    public void Dispose() => _writer.Dispose();

    private void Write(LogEntry entry) => _writer.WriteLine(JsonSerializer.Serialize(entry, RunLog.Json));
}
