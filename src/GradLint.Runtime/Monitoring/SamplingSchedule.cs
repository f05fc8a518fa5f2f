using System.Diagnostics;

namespace GradLint.Runtime.Monitoring;

/// <summary>Says which steps are sampled.</summary>
internal sealed class SamplingSchedule(GradientMonitorOptions options)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan? _lastSample;
    private long _lastStep;
    private bool _requested;

    /// <summary>Steps between samples: the option's, or longer where <see cref="GradientMonitorOptions.TargetOverhead"/> asks for it.</summary>
    public long Interval { get; private set; } = options.Interval;

    /// <summary>The next step is sampled whatever the schedule says.</summary>
    public void Request() => _requested = true;

    public bool IsSampled(long step)
    {
        var due = _requested || step == 0 || IsWarmup(step) || IsDue(step);
        if (due)
        {
            _requested = false;
            _lastStep = step;
            _lastSample = _clock.Elapsed;
        }

        return due;
    }

    /// <summary>Stretches the interval so that a sample's cost stays within the budget.</summary>
    /// <param name="sample">What the last sample cost.</param>
    /// <param name="step">What a step takes.</param>
    public void Spent(TimeSpan sample, TimeSpan step)
    {
        if (options.TargetOverhead is { } budget && step > TimeSpan.Zero)
            Interval = Math.Max(options.Interval, (long)Math.Ceiling(sample / (step * budget)));
    }

    private bool IsDue(long step) => options.IntervalTime is { } time
        ? _lastSample is not { } last || _clock.Elapsed - last >= time
        : Interval == options.Interval ? step % Interval == 0 : step - _lastStep >= Interval;

    // Powers of two: 1, 2, 4, 8 …
    private bool IsWarmup(long step) => options.Warmup && step < options.Interval && (step & (step - 1)) == 0;
}
