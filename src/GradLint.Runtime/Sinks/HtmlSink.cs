using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>Writes the report page at the end.</summary>
internal sealed class HtmlSink(string path) : IMonitorSink
{
    public void Begin(RunInfo run)
    {
    }

    public void Write(Sample sample)
    {
    }

    public void Write(Finding finding)
    {
    }

    public void End(RunReport report) => WholeFile.Write(path, HtmlReport.Of(report));
}
