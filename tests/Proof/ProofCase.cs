using GradLint.Proof.Measures;

namespace GradLint.Proof;

/// <summary>A model with one fault, in one of the forms that people write.</summary>
/// <param name="RuleId">The rule that finds the fault.</param>
/// <param name="Form">How the model is written: <c>list built in a loop</c>.</param>
/// <param name="Source">
/// C# with the usual usings. The model is <c>Models.Create()</c> where there is such a method, else a type <c>Net</c>.
/// A static <c>Models.Input()</c> gives the batch, <c>Models.Loss(output)</c> the loss; else both are random, see <see cref="RunningModel"/>.
/// </param>
/// <param name="Measure">What the fault does to the running model, and what the fix must make of it.</param>
internal sealed record ProofCase(string RuleId, string Form, string Source, Measure Measure)
{
    public string Name => $"{RuleId}: {Form}";

    /// <summary>Sizes of the input, the batch included.</summary>
    public long[] Input { get; init; } = [32, 64];

    /// <summary>Whether the input is tokens, and how many different ones there are.</summary>
    public long? Vocabulary { get; init; }

    /// <summary><c>key = value</c> lines of an .editorconfig.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>Whether the program references GradLint.Runtime.</summary>
    public bool ReferencesRuntime { get; init; } = true;
}
