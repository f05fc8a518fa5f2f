namespace GradLint.Tool;

/// <summary>What the process returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work is done, but something stayed unknown: a model, or code that does not compile.</summary>
    public const int Incomplete = 1;

    /// <summary>The command line or a path on it is wrong.</summary>
    public const int Usage = 2;

    /// <summary>There is nothing to work on: the project cannot be loaded, or holds no TorchSharp model.</summary>
    public const int NothingToDo = 3;
}
