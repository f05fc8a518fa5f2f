namespace GradLint.Core.Knowledge;

/// <summary>The names of the runtime monitor that the training-loop rules know.</summary>
public static class MonitorNames
{
    public const string Type = "GradLint.Runtime.GradientMonitor";
    public const string Attach = "Attach";
    public const string ClipGradNorm = "ClipGradNorm";
    public const string ClipGradValue = "ClipGradValue";
}
