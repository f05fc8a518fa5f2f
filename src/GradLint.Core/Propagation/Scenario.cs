using GradLint.Core.Model;
using GradLint.Core.Propagation.Patterns;

namespace GradLint.Core.Propagation;

/// <summary>One choice for everything that the code leaves open.</summary>
internal sealed record Scenario(double BatchSize, double SequenceLength, double SpatialSize, long RepeatCount)
{
    /// <summary>E[c²] of summands whose values the code does not tell; ½ is that of sine and cosine codes of positions.</summary>
    public double ConstantSecondMoment { get; init; } = 0.5;

    private const int LargestSize = 512;

    private static readonly Scenario s_usual = new(32, 64, 64, 4);

    /// <summary>The usual choice first, then others that differ in one thing each; together they span what is open.</summary>
    public static IReadOnlyList<Scenario> For(ModelGraph graph, PredictionOptions options)
    {
        var usual = new Scenario(
            options.BatchSize ?? s_usual.BatchSize, options.SequenceLength ?? s_usual.SequenceLength, options.SpatialSize ?? s_usual.SpatialSize, s_usual.RepeatCount);
        // Steps that the code writes out one by one are as many as there are.
        var steps = graph.Nodes.Max(n => n.Arguments.Integer(UnrolledCellPattern.Steps));
        if (steps is { } written) usual = usual with { SequenceLength = written };
        var scenarios = new List<Scenario>();
        var isFree = true;
        if (options.SpatialSize is null && graph.Nodes.Any(n => n.Kind is LayerKind.Conv2d or LayerKind.Conv3d or LayerKind.ConvTranspose2d))
        {
            isFree = IsConsistent(usual) && IsConsistent(usual with { SpatialSize = usual.SpatialSize + 32 });
            if (!isFree && Enumerable.Range(1, LargestSize).Cast<int?>().FirstOrDefault(size => IsConsistent(usual with { SpatialSize = size!.Value })) is { } fitting)
                usual = usual with { SpatialSize = fitting };
            if (isFree)
                scenarios.AddRange([usual with { SpatialSize = 32 }, usual with { SpatialSize = 224 }]);
        }

        if (options.BatchSize is null)
            scenarios.AddRange([usual with { BatchSize = 8 }, usual with { BatchSize = 256 }]);
        if (options.SequenceLength is null && steps is null && graph.Nodes.Any(IsSequenceLayer))
            scenarios.AddRange([usual with { SequenceLength = 16 }, usual with { SequenceLength = 128 }]);
        if (graph.Repeats.Any(r => r.Count is null))
            scenarios.AddRange([usual with { RepeatCount = 1 }, usual with { RepeatCount = 12 }]);
        if (ConstantLayout.HasUnknownSummand(graph))
            scenarios.AddRange([usual with { ConstantSecondMoment = 0 }, usual with { ConstantSecondMoment = 1 }]);
        return [usual, .. scenarios];

        bool IsConsistent(Scenario scenario) => NodeShapes.Of(graph, scenario) is not null;
    }

    private static bool IsSequenceLayer(GraphNode node) => node.Kind is LayerKind.RNN or LayerKind.LSTM or LayerKind.GRU or LayerKind.Embedding or LayerKind.Conv1d
        or LayerKind.MultiheadAttention or LayerKind.ScaledDotProductAttention or LayerKind.TransformerEncoder or LayerKind.TransformerEncoderLayer
        or LayerKind.TransformerDecoder or LayerKind.TransformerDecoderLayer or LayerKind.Transformer;
}
