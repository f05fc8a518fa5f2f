namespace GradLint.Proof.Measures;

/// <summary>What a fault does to a running model, as one number, and what the number must be once it is mended.</summary>
internal abstract record Measure
{
    /// <summary>Head of the column: <c>gradient ratio</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Measures a running model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fix">What is measured of a mended one.</param>
    public abstract double Of(RunningModel model, AppliedFix? fix = null);

    /// <summary>Whether the number shows the fault.</summary>
    public abstract bool IsFaulty(double value);

    /// <summary>Whether the fault is gone.</summary>
    public abstract bool IsMended(double before, double after);

    /// <summary>Whether the number is what the title of a fix promised; null where the title promises none.</summary>
    public virtual bool? IsAsPromised(RunningModel model, AppliedFix fix) => null;
}

/// <summary>A fix that was applied.</summary>
/// <param name="Key">Its equivalence key: <c>GL1001.elu</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Message">Of the finding that it mends.</param>
internal sealed record AppliedFix(string Key, string Title, string Message);
