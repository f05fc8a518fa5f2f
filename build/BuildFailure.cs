namespace GradLint.Build;

/// <summary>Ends the program with exit code 1. The message is the one line that the user reads: what is wrong, and what to do.</summary>
internal sealed class BuildFailure(string message) : Exception(message);
