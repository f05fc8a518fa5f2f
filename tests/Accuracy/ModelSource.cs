namespace GradLint.Accuracy;

/// <summary>A generated model: its C# text and what it is fed.</summary>
/// <param name="TypeName">Name of the module type.</param>
/// <param name="Text">C# of the type and the types it uses.</param>
/// <param name="Description">One line for a person.</param>
/// <param name="InputShape">Sizes after (or, for <see cref="IsTimeFirst"/>, around) the batch: [features], [channels, height, width], [steps, features].</param>
/// <param name="Classes">Number of logits.</param>
internal sealed record ModelSource(string TypeName, string Text, string Description, long[] InputShape, long Classes)
{
    /// <summary>For token inputs, how many different tokens there are.</summary>
    public long? Vocabulary { get; init; }

    public bool IsTimeFirst { get; init; }

    public int? SequenceLength { get; init; }

    public int? SpatialSize { get; init; }

    /// <summary>Whether the output depends on the last time step alone, so that the gradient by step shows the memory horizon.</summary>
    public bool EndsAtLastStep { get; init; }
}
