using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Members = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Extraction;

/// <summary>Views of parameters while the model is constructed: what is written to them changes how the parameter starts.</summary>
internal sealed partial class Interpreter
{
    /// <summary>A tensor method that gives a view, such as <c>narrow</c> or <c>chunk</c>; null for other methods, and for tensors that are no parameter.</summary>
    private static Value? CallView(IMethodSymbol method, Value? receiver, Arguments arguments)
    {
        if (LayerTable.IsInPlace(method.Name) || LayerTable.OfOperation(method.Name) is not { } kind || !LayerTable.Has(kind, LayerTraits.Shape))
            return null;
        if (receiver is ParameterSlice part)
            return Views(method, new ParameterSlice(part.Whole));
        if (receiver is not ParameterValue whole)
            return null;

        switch (method.Name)
        {
            case Members.Narrow when Integer(arguments["start"]) is { } start && Integer(arguments["length"]) is { } length:
                return new ParameterSlice(whole, Rows(whole, start, start + length));
            case Members.Slice when Integer(arguments["start"]) is { } start && Integer(arguments["finish"]) is { } finish && Integer(arguments["step"]) == 1:
                return new ParameterSlice(whole, Rows(whole, start, finish));
            case Members.Chunk when Integer(arguments["chunks"]) is { } chunks and > 0 and <= MaxChunks && IsDivisible(whole, chunks):
                return new ListValue(Enumerable.Range(0, (int)chunks).Select(Value (chunk) => new ParameterSlice(whole, new RowRange(chunk / (double)chunks, (chunk + 1) / (double)chunks))));
            default:
                return Views(method, new ParameterSlice(whole));
        }
    }

    private const long MaxChunks = 64;

    /// <summary><c>weight[…]</c>.</summary>
    private static Value ViewOf(TensorValue tensor, Arguments arguments) => tensor switch
    {
        ConstantTensor whole => new ParameterSlice(whole, OnlyIndex(arguments) is RangeValue { Step: null } range ? RowsOf(whole, range) : null),
        ParameterSlice slice => new ParameterSlice(slice.Whole),
        _ => tensor,
    };

    private static Value? OnlyIndex(Arguments arguments) => arguments.Count != 1 ? null : arguments[0] switch
    {
        ListValue { Content.Elements: { Count: 1 } elements } => elements[0],
        ListValue => null,
        var index => index,
    };

    /// <summary>One view, or an array of which nothing more is known.</summary>
    private static Value Views(IMethodSymbol method, ParameterSlice view) =>
        method.ReturnType is IArrayTypeSymbol ? new ListValue([new RepeatedElements([view], Origin.None, isData: true)]) : view;

    private static RowRange? RowsOf(ConstantTensor whole, RangeValue range)
    {
        var (start, end) = (range.Start is null ? 0 : Integer(range.Start), range.End is null ? Length(whole) : Integer(range.End));
        return start is { } from && end is { } to ? Rows(whole, from, to) : null;
    }

    private static RowRange? Rows(ConstantTensor whole, long start, long end) =>
        Length(whole) is { } length && start >= 0 && start < end && end <= length ? new RowRange(start / (double)length, end / (double)length) : null;

    private static long? Length(ConstantTensor whole) => whole.Shape is { Length: 1 } shape ? shape[0] : null;

    /// <summary>Gates are blocks of equal size, whatever their number of units.</summary>
    private static bool IsDivisible(ConstantTensor whole, long chunks) => whole.Shape is { Length: 1 } shape && (shape[0] is null || shape[0] % chunks == 0);
}
