namespace GradLint.Tool;

/// <summary>Ends a command with one line for its user: what is wrong, where, and what to do.</summary>
internal sealed class ToolException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
