namespace GradLint.Core.Knowledge;

/// <summary>What a loss takes its first input to be.</summary>
public enum LossInput
{
    /// <summary>Unbounded scores of the classes; the loss applies a log-softmax itself.</summary>
    ClassLogits,

    /// <summary>An unbounded score of each element; the loss applies a sigmoid itself.</summary>
    BinaryLogits,

    /// <summary>A probability of each element, within [0, 1].</summary>
    Probabilities,

    /// <summary>Log-probabilities of the classes, at most 0.</summary>
    LogProbabilities,
}

/// <summary>A loss of TorchSharp.</summary>
/// <param name="Module">Its type in <c>TorchSharp.Modules</c>, and its factory in <c>torch.nn</c>.</param>
/// <param name="Function">Its name in <c>torch.nn.functional</c>.</param>
/// <param name="Input">What it takes its first input to be.</param>
public sealed record LossDescription(string Module, string Function, LossInput Input);

/// <summary>The losses whose first input has to be one certain thing. The only place that knows their names.</summary>
public static class LossTable
{
    private static readonly LossDescription[] Rows =
    [
        new("CrossEntropyLoss", "cross_entropy", LossInput.ClassLogits),
        new("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", LossInput.BinaryLogits),
        new("BCELoss", "binary_cross_entropy", LossInput.Probabilities),
        new("NLLLoss", "nll_loss", LossInput.LogProbabilities),
    ];

    public static LossDescription? OfModule(string name) => Array.Find(Rows, row => row.Module == name);

    public static LossDescription? OfFunction(string name) => Array.Find(Rows, row => row.Function == name);

    /// <summary>The loss for the same classes or elements that takes logits: cross-entropy for the negative log-likelihood.</summary>
    public static LossDescription? FromLogits(LossDescription loss) => loss.Input switch
    {
        LossInput.Probabilities => Of(LossInput.BinaryLogits),
        LossInput.LogProbabilities => Of(LossInput.ClassLogits),
        _ => null,
    };

    private static LossDescription Of(LossInput input) => Array.Find(Rows, row => row.Input == input)!;
}
