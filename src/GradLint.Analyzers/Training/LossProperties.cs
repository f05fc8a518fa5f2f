namespace GradLint.Analyzers.Training;

/// <summary>What the rules about losses tell their fixes.</summary>
public static class LossProperties
{
    /// <summary>
    /// How many of the additional locations, from the first, are pairs of where an operation is constructed and where it is
    /// applied. The creation of the loss follows them, where it has one.
    /// </summary>
    public const string SourceLocations = "sourceLocations";

    /// <summary>What the loss is given: one of <see cref="Logits"/>, <see cref="Probabilities"/>, <see cref="LogProbabilities"/>.</summary>
    public const string Given = "given";

    /// <summary>The name of the operation that the loss is given the result of.</summary>
    public const string Source = "source";

    /// <summary>The loss, by the name of its function.</summary>
    public const string Loss = "loss";

    /// <summary>Present where the loss module is given logits wherever it is applied.</summary>
    public const string TakesOnlyLogits = "takesOnlyLogits";

    public const string Logits = "logits";
    public const string Probabilities = "probabilities";
    public const string LogProbabilities = "log-probabilities";
}
