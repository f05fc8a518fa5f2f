using GradLint.Runtime.Recording;
using GradLint.Runtime.Sinks;
using GradLint.Runtime.Tests.Programs;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>What people see while a model trains.</summary>
public sealed class SinkTests
{
    private static readonly GradientMonitorOptions EveryTenth = new() { Console = false, Interval = 10 };

    [Fact]
    public void Logger_GetsTheFindingAsAWarningWithItsParts()
    {
        using var scope = torch.NewDisposeScope();
        var logger = new Collector();

        var report = Vanish(EveryTenth with { Sinks = [new LoggerSink(logger)] });

        var warning = Assert.Single(logger.Entries, entry => entry.Level == LogLevel.Warning && Equals(entry.State["Rule"], "GL7001"));
        Assert.Contains("GL7001 at step", warning.Text);
        Assert.Contains("fc0", warning.Text);
        Assert.Equal(report.Samples.Count, logger.Entries.Count(entry => entry.Level == LogLevel.Debug));
        Assert.Contains(logger.Entries, entry => entry.Level == LogLevel.Information && entry.Text.StartsWith("Sequential after", StringComparison.Ordinal));
    }

    [Fact]
    public void Progress_OnATerminal_IsOneLineWrittenAnew()
    {
        var text = new StringWriter();
        var sink = new ProgressSink(Console(text, isTerminal: true));

        Show(sink);

        Assert.StartsWith("\r\u001b[2Kstep 10", text.ToString());
        Assert.Contains("loss 0.5", text.ToString());
        Assert.DoesNotContain('\n', text.ToString());
        Assert.EndsWith("\r\u001b[2K", text.ToString());
    }

    [Fact]
    public void Progress_IntoAFile_IsNothing()
    {
        var text = new StringWriter();

        Show(new ProgressSink(Console(text, isTerminal: false)));

        Assert.Equal("", text.ToString());
    }

    [Fact]
    public void ConsoleAtTheEnd_ShowsTheLayersAndTheFindings()
    {
        using var scope = torch.NewDisposeScope();
        var text = new StringWriter();

        Vanish(EveryTenth with { Sinks = [new ConsoleSink(Console(text, isTerminal: false))] });

        Assert.Contains("fc0.weight", text.ToString());
        Assert.Contains("warning GL7001", text.ToString());
    }

    private static RunReport Vanish(GradientMonitorOptions options) =>
        new Training { Options = options }.Sgd(Models.Stack(10, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy);

    private static void Show(ProgressSink sink)
    {
        var run = new RunInfo { Model = "Test", Started = default, Parameters = [new("fc.weight", "fc", "Linear", [2, 2], true, true)] };
        sink.Begin(run);
        sink.Write(new Sample { Step = 10, Seconds = 1, OutputLayer = "fc", Loss = new(10, 0.5, 0, 0.5), Parameters = [new() { Gradient = 1, Weight = 1 }] });
        sink.End(new(run, 10, [], [], new(null, null, []), 0, []));
    }

    private static IAnsiConsole Console(TextWriter text, bool isTerminal) => AnsiConsole.Create(new()
    {
        Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Out = new Output(text, isTerminal),
    });

    private sealed class Output(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => 200;

        public int Height => 50;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }

    private sealed class Collector : ILogger
    {
        public List<(LogLevel Level, string Text, Dictionary<string, object?> State)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, formatter(state, exception), ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(pair => pair.Key, pair => pair.Value)));
    }
}
