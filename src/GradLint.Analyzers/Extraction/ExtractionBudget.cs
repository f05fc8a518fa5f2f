namespace GradLint.Analyzers.Extraction;

/// <summary>How much work one model may cost before the answer is "unknown".</summary>
/// <param name="Steps">Operations evaluated.</param>
/// <param name="CallDepth">Nested calls of source methods.</param>
/// <param name="Nesting">Nested operations of all frames together; keeps far away from the end of the stack.</param>
/// <param name="Nodes">Nodes of the graph.</param>
/// <param name="Modules">Modules constructed.</param>
/// <param name="Time">Elapsed time: the last resort, since it differs from run to run.</param>
public sealed record ExtractionBudget(int Steps, int CallDepth, int Nesting, int Nodes, int Modules, TimeSpan Time)
{
    /// <summary>Enough for an unrolled model of ten thousand layers.</summary>
    public static ExtractionBudget Default { get; } =
        new(Steps: 2_000_000, CallDepth: 48, Nesting: 600, Nodes: 50_000, Modules: 50_000, Time: TimeSpan.FromSeconds(15));
}

/// <summary>The model that is watched has been made and initialised: training begins.</summary>
internal sealed class ConstructionOverException : Exception;

/// <summary>The budget is used up: nothing further can be said about the model.</summary>
internal sealed class BudgetExceededException(string what) : Exception(what);
