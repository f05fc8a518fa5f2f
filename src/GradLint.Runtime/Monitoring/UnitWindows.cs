namespace GradLint.Runtime.Monitoring;

/// <summary>The windows of a monitor.</summary>
/// <param name="length">Samples in each.</param>
internal sealed class UnitWindows(int length) : IDisposable
{
    /// <summary>Rows of weight matrices that got a gradient.</summary>
    public UnitWindow Rows { get; } = new(length);

    /// <summary>Units that were active.</summary>
    public UnitWindow Activity { get; } = new(length);

    /// <summary>Units whose outputs were saturated.</summary>
    public UnitWindow Saturation { get; } = new(length, sums: true);

    public void Dispose()
    {
        Rows.Dispose();
        Activity.Dispose();
        Saturation.Dispose();
    }
}
