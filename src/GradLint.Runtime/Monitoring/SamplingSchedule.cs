using System.Diagnostics;

namespace GradLint.Runtime.Monitoring;

/// <summary>Says which steps are sampled.</summary>
internal sealed class SamplingSchedule(GradientMonitorOptions options)
{
    private const int DefaultInterval = 100;
    private const double DefaultOverhead = 0.02;

    /// <summary>However dear a sample is, one in this many intervals is taken.</summary>
    private const int MostStretch = 100;

    private readonly long _least = options.Interval ?? DefaultInterval;
    private readonly double? _budget = options.TargetOverhead ?? (options.Interval is null && options.IntervalTime is null ? DefaultOverhead : null);
    private readonly TimeSpan[] _steps = new TimeSpan[31];
    private readonly Queue<TimeSpan> _costs = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan? _lastSample;
    private long _lastStep;
    private long _unsampled;
    private bool _requested;

    /// <summary>Steps between samples: the option's, or longer where the budget asks for it.</summary>
    public long Interval { get; private set; } = options.Interval ?? DefaultInterval;

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

    /// <summary>Takes note of a step, and stretches the interval so that samples stay within the budget.</summary>
    /// <param name="duration">From the end of the step before to its own.</param>
    /// <param name="own">The part of it that was spent inside the monitor; what hooks cost beside is in the duration alone.</param>
    /// <param name="sampled">Whether it was sampled.</param>
    public void Took(TimeSpan duration, TimeSpan own, bool sampled)
    {
        if (_budget is not { } budget)
            return;
        if (!sampled)
        {
            _steps[_unsampled++ % _steps.Length] = duration;
            return;
        }

        // The median: what comes between some steps, an evaluation or a checkpoint, is no part of a step.
        var known = (int)Math.Min(_unsampled, _steps.Length);
        var step = known == 0 ? duration - own : _steps.Take(known).Order().ElementAt(known / 2);
        _costs.Enqueue(duration - step);
        if (_costs.Count > 3)
            _costs.Dequeue();
        // The least of three, so that compiling the code, which comes once, does not count.
        if (step > TimeSpan.Zero)
            Interval = Math.Clamp((long)Math.Ceiling(_costs.Min() / (step * budget)), _least, _least * MostStretch);
    }

    private bool IsDue(long step) => options.IntervalTime is { } time
        ? _lastSample is not { } last || _clock.Elapsed - last >= time
        : Interval == _least ? step % Interval == 0 : step - _lastStep >= Interval;

    // Powers of two: 1, 2, 4, 8 …
    private bool IsWarmup(long step) => options.Warmup && step < _least && (step & (step - 1)) == 0;
}
