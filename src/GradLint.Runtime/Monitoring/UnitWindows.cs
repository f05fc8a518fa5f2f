namespace GradLint.Runtime.Monitoring;

/// <summary>The windows of a monitor.</summary>
/// <param name="length">Samples in each.</param>
internal sealed class UnitWindows(int length)
{
    /// <summary>Rows of weight matrices that got a gradient.</summary>
    public UnitWindow Rows { get; } = new(length);

    /// <summary>Units that were active.</summary>
    public UnitWindow Activity { get; } = new(length);

    /// <summary>Units whose outputs were saturated.</summary>
    public UnitWindow Saturation { get; } = new(length, sums: true);

    /// <summary>Begins the next sample.</summary>
    public void BeginSample()
    {
        Rows.BeginSample();
        Activity.BeginSample();
        Saturation.BeginSample();
    }
}
