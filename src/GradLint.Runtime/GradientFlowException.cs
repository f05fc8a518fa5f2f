namespace GradLint.Runtime;

/// <summary>A gradient-flow fault that was asked to end the run or to fail a test.</summary>
public sealed class GradientFlowException : Exception
{
    internal GradientFlowException(string message, IReadOnlyList<Finding>? findings = null) : base(message) => Findings = findings ?? [];

    /// <summary>What the rules found; empty when an assertion failed.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
