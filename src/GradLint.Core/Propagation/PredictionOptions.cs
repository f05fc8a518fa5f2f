namespace GradLint.Core.Propagation;

/// <summary>What a prediction assumes where the code is silent.</summary>
public sealed record PredictionOptions
{
    public static PredictionOptions Default { get; } = new();

    /// <summary>E[x²] of an element of the input.</summary>
    public double InputSecondMoment { get; init; } = 1;

    /// <summary>Samples in a batch; null when unknown.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Time steps or tokens in a sample; null when unknown.</summary>
    public int? SequenceLength { get; init; }

    /// <summary>Height and width of an image input; null when unknown and not implied by the model.</summary>
    public int? SpatialSize { get; init; }

    /// <summary>Ends the prediction with an <see cref="OperationCanceledException"/> once it is no longer wanted.</summary>
    public CancellationToken CancellationToken { get; init; }
}
