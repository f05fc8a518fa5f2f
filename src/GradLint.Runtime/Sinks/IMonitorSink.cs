using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>Takes what a monitor measures and finds. Called on the training thread; it should be quick.</summary>
public interface IMonitorSink
{
    /// <summary>The run begins, or its model has changed.</summary>
    void Begin(RunInfo run);

    /// <summary>A step was sampled.</summary>
    void Write(Sample sample);

    /// <summary>A rule found something new.</summary>
    void Write(Finding finding);

    /// <summary>The run is over.</summary>
    void End(RunReport report);
}
