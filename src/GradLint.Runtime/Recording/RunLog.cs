using System.Text.Json;
using System.Text.Json.Serialization;
using GradLint.Runtime.Rules;

namespace GradLint.Runtime.Recording;

/// <summary>A run's log: JSON lines, each <c>{"run": …}</c>, <c>{"sample": …}</c> or <c>{"finding": …}</c>.</summary>
public static class RunLog
{
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Judges a recorded run again.</summary>
    /// <param name="path">A log that a monitor wrote; of a run that was killed, what is there is judged.</param>
    /// <param name="thresholds">Where to draw the lines; the defaults when null.</param>
    /// <exception cref="InvalidDataException">The file is no such log; the message says in which line.</exception>
    public static RunReport Replay(string path, RuleThresholds? thresholds = null)
    {
        RuleEngine? engine = null;
        RunInfo? run = null;
        var samples = new List<Sample>();
        foreach (var entry in Read(path))
        {
            if (entry.Run is not null)
            {
                run = entry.Run;
                if (engine is null)
                    engine = new(run, thresholds);
                else
                    engine.Restart(run);
                samples.Clear();
            }
            else if (entry.Sample is not null)
            {
                if (engine is null)
                    throw new InvalidDataException($"{path}: a sample stands before the run it belongs to.");
                engine.Add(entry.Sample);
                samples.Add(entry.Sample);
            }
        }

        if (engine is null || run is null)
            throw new InvalidDataException($"{path} is empty; a monitor writes the run in its first line.");
        return new(run, samples.Count == 0 ? 0 : samples[^1].Step + 1, samples, engine.Findings, engine.Loss, 0, []);
    }

    /// <summary>The entries of a log. A last line that was cut off is left out.</summary>
    /// <exception cref="InvalidDataException">A line is no entry.</exception>
    public static IEnumerable<LogEntry> Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var number = 0;
        for (var line = reader.ReadLine(); line is not null;)
        {
            var next = reader.ReadLine();
            number++;
            LogEntry? entry = null;
            try
            {
                entry = JsonSerializer.Deserialize<LogEntry>(line, Json);
            }
            catch (JsonException exception) when (next is not null || number == 1)
            {
                throw new InvalidDataException($"{path}, line {number}: {exception.Message}", exception);
            }
            catch (JsonException)
            {
                // The process was killed while it wrote.
            }

            if (entry is not null)
                yield return entry;
            line = next;
        }
    }
}

/// <summary>One line of a log: exactly one part is set.</summary>
public sealed record LogEntry(RunInfo? Run = null, Sample? Sample = null, Finding? Finding = null);
