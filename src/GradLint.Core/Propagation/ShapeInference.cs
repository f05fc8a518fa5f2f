using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>The axes of a node's results, from those of its inputs.</summary>
internal static class ShapeInference
{
    /// <summary>Null with a reason when they cannot be told.</summary>
    public static IReadOnlyList<TensorShape>? Outputs(GraphNode node, IReadOnlyList<TensorShape> inputs, FlowContext context, out string reason)
    {
        reason = "the shape of its result cannot be told";
        if (inputs.Count == 0) return null;
        var input = inputs[0];
        switch (node.Kind)
        {
            case LayerKind.Linear:
                if (context.Parameter(node, "weight")?.Shape is not { Count: 2 } matrix)
                {
                    reason = "the size of its weight is not known";
                    return null;
                }

                return Features(input, input.Rank - 1, matrix[1], matrix[0], out reason);

            case LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d or LayerKind.ConvTranspose1d or LayerKind.ConvTranspose2d or LayerKind.ConvTranspose3d:
                var kernel = context.Parameter(node, "weight")?.Shape;
                if (kernel is null || SpatialArguments.Groups(node) is not { } groups || input.Rank != SpatialArguments.Dimensions(node.Kind) + 2) return null;
                var transposed = SpatialArguments.IsTransposed(node.Kind);
                return Features(input, 1, transposed ? kernel[0] : kernel[1] * groups, transposed ? kernel[1] * groups : kernel[0], out reason) is { } channels
                    ? Spatial(channels[0], SpatialArguments.OutputSizes(node, SpatialArguments.Positions(input))) : null;

            case LayerKind.MaxPool1d or LayerKind.MaxPool2d or LayerKind.MaxPool3d or LayerKind.AvgPool1d or LayerKind.AvgPool2d or LayerKind.AvgPool3d:
                return input.Rank == SpatialArguments.Dimensions(node.Kind) + 2 ? Spatial(input, SpatialArguments.OutputSizes(node, SpatialArguments.Positions(input))) : null;
            case LayerKind.AdaptiveMaxPool1d or LayerKind.AdaptiveMaxPool2d or LayerKind.AdaptiveMaxPool3d
                or LayerKind.AdaptiveAvgPool1d or LayerKind.AdaptiveAvgPool2d or LayerKind.AdaptiveAvgPool3d:
                return input.Rank == SpatialArguments.Dimensions(node.Kind) + 2
                    ? Spatial(input, SpatialArguments.Numbers(node, "output_size", SpatialArguments.Dimensions(node.Kind), null)) : null;

            case LayerKind.Mean or LayerKind.Sum or LayerKind.Max:
                return Axes(node, node.Arguments.Contains("dims") ? "dims" : "dim", input) is { } reduced ? [Without(input, reduced, node.Arguments.Flag("keepdim") == true)] : null;
            case LayerKind.Upsample:
                return input.Positions > 1 || input.Rank > 2 ? Spatial(input, SpatialArguments.UpsampledSizes(node, input)) : null;
            case LayerKind.PixelShuffle or LayerKind.PixelUnshuffle:
                return Shuffled(node, input) is { } shuffled ? [shuffled] : null;
            case LayerKind.Split:
                return Parts(node, input);
            case LayerKind.Expand:
                return Expanded(node, input) is { } expanded ? [expanded] : null;
            case LayerKind.GLU:
                return input.Index(node.Arguments.Integer("dim") ?? -1) is { } gated ? [input.With(gated, input.Axes[gated].Size / 2)] : null;
            case LayerKind.Bilinear:
                return context.Parameter(node, "weight")?.Shape is { Count: 3 } cube ? Features(input, input.Rank - 1, cube[1], cube[0], out reason) : null;
            case LayerKind.Flatten:
                return input.Index(node.Arguments.Integer("start_dim") ?? (node.Path is null ? 0 : 1)) is { } start
                    && input.Index(node.Arguments.Integer("end_dim") ?? -1) is { } end && end >= start ? [Merged(input, start, end)] : null;
            case LayerKind.Reshape:
                return Reshaping.Of(node, input) is { } reshaped ? [reshaped] : null;
            case LayerKind.Transpose:
                return Transposed(node, input) is { } swapped ? [swapped] : null;
            case LayerKind.Permute:
                return Order(node, input) is { } order ? [Permuted(input, order)] : null;
            case LayerKind.Select:
                return Axis(node, "dim", input) is { } selected ? [input.Without(selected)] : null;
            case LayerKind.Slice:
                return Axis(node, "dim", input) is { } sliced && SliceLength(node, input.Axes[sliced].Size) is { } length ? [input.With(sliced, length)] : null;
            case LayerKind.Unsqueeze:
                return node.Arguments.Integer("dim") is { } added ? [Inserted(input, (int)(added < 0 ? added + input.Rank + 1 : added))] : null;
            case LayerKind.Squeeze:
                if (node.Arguments.Integer("dim") is null)
                    return node.Arguments.IsUnknown("dim") ? null : [new(input.Axes.Where(a => a.Size != 1 || a.Role == AxisRole.Batch).ToArray())];
                return Axis(node, "dim", input) is { } squeezed ? [input.Axes[squeezed].Size == 1 ? input.Without(squeezed) : input] : null;
            case LayerKind.Concat:
                return Axis(node, "dim", input, otherwise: 0) is { } joined && inputs.All(i => i.Rank == input.Rank)
                    ? [input.With(joined, inputs.Sum(i => i.Axes[joined].Size))] : null;

            case LayerKind.MultiheadAttention:
                return [input, input];
            case LayerKind.Transformer when inputs.Count > 1:
                return [inputs[1]];
            case LayerKind.RNN or LayerKind.LSTM or LayerKind.GRU:
                return Recurrent(node, input, context, out reason);

            case LayerKind.Add or LayerKind.Subtract or LayerKind.Multiply or LayerKind.Divide:
                return [inputs.OrderByDescending(i => i.Features * i.Positions).ThenByDescending(i => i.Rank).First()];
            case LayerKind.Embedding:
                return context.Parameter(node, "weight")?.Shape is { Count: 2 } table ? [new([.. input.Axes, new(AxisRole.Feature, table[1])])] : null;
            default:
                return [input];
        }
    }

    /// <summary>Two axes swapped; its own inverse.</summary>
    public static TensorShape? Transposed(GraphNode node, TensorShape shape) =>
        Axis(node, "dim0", shape) is { } first && Axis(node, "dim1", shape) is { } second
            ? Permuted(shape, Enumerable.Range(0, shape.Rank).Select(i => i == first ? second : i == second ? first : i).ToArray()) : null;

    /// <summary>The axes before a permutation, from those after it.</summary>
    public static TensorShape? PermutedBack(GraphNode node, TensorShape after)
    {
        if (Order(node, after) is not { } order) return null;
        var axes = new Axis[order.Length];
        for (var i = 0; i < order.Length; i++)
            axes[order[i]] = after.Axes[i];
        return new(axes);
    }

    private static IReadOnlyList<TensorShape>? Features(TensorShape input, int axis, double expected, double result, out string reason)
    {
        reason = "";
        if (axis >= 0 && axis < input.Rank && input.Axes[axis].Size == expected)
            return [new(input.Axes.Select((a, i) => i == axis ? new Axis(AxisRole.Feature, result) : a).ToArray())];
        reason = $"its input has {(axis >= 0 && axis < input.Rank ? input.Axes[axis].Size : 0)} features where {expected} are expected";
        return null;
    }

    private static IReadOnlyList<TensorShape>? Spatial(TensorShape input, double[]? sizes)
    {
        // An axis may hold something else than positions: features reshaped into an image, tokens.
        if (sizes is null || input.Axes.Count(a => a.Role == AxisRole.Position) != sizes.Length) return null;
        var next = 0;
        return [new(input.Axes.Select(a => a.Role == AxisRole.Position ? a with { Size = sizes[next++] } : a).ToArray())];
    }

    /// <summary>The output sequence, and h_n and c_n with layers and directions in front.</summary>
    private static IReadOnlyList<TensorShape>? Recurrent(GraphNode node, TensorShape input, FlowContext context, out string reason)
    {
        reason = "the size of its parameters is not known";
        if (context.Parameter(node, "weight_hh_l0")?.Shape is not { } hidden || context.Parameter(node, "weight_ih_l0")?.Shape is not { } first) return null;
        var directions = node.Arguments.Flag("bidirectional") == true ? 2 : 1;
        var layers = node.Arguments.Integer("numLayers") ?? 1;
        if (input.Rank != 3 || Features(input, 2, first[1], hidden[1] * directions, out reason) is not { } sequence) return null;
        var batch = input.Axes.First(a => a.Role == AxisRole.Batch);
        var final = new TensorShape(new Axis(AxisRole.Position, layers * directions), batch, new Axis(AxisRole.Feature, hidden[1]));
        return [sequence[0], final, final];
    }

    internal static TensorShape Merged(TensorShape input, int start, int end)
    {
        var merged = input.Axes.Skip(start).Take(end - start + 1).ToArray();
        var size = merged.Aggregate(1.0, (product, a) => product * a.Size);
        var role = merged.Any(a => a.Role == AxisRole.Batch) ? AxisRole.Batch : merged.Any(a => a.Role == AxisRole.Feature) ? AxisRole.Feature : AxisRole.Position;
        return new([.. input.Axes.Take(start), new(role, size), .. input.Axes.Skip(end + 1)]);
    }

    /// <summary>C·r² channels at a position become C at r² positions, or the other way.</summary>
    private static TensorShape? Shuffled(GraphNode node, TensorShape input)
    {
        var up = node.Kind == LayerKind.PixelShuffle;
        if (input.Rank != 4 || node.Arguments.Integer(up ? "upscale_factor" : "downscale_factor") is not { } factor) return null;
        double r = up ? factor : 1.0 / factor;
        return new(input.Axes[0], input.Axes[1] with { Size = input.Axes[1].Size / (r * r) }, input.Axes[2] with { Size = input.Axes[2].Size * r }, input.Axes[3] with { Size = input.Axes[3].Size * r });
    }

    private static IReadOnlyList<TensorShape>? Parts(GraphNode node, TensorShape input)
    {
        if (Axis(node, "dim", input, otherwise: 0) is not { } axis) return null;
        var size = input.Axes[axis].Size;
        if (node.Arguments.Sizes("split_sizes", 1) is { Count: > 1 } sizes)
            return sizes.All(s => s is not null) && sizes.Sum(s => s!.Value) == size ? sizes.Select(s => input.With(axis, s!.Value)).ToArray() : null;
        var part = node.Arguments.Integer("chunks") is > 0 and var chunks ? Math.Ceiling(size / chunks) : (double?)node.Arguments.Integer("split_size");
        return part is > 0 and var length && size % length == 0 ? Enumerable.Repeat(input.With(axis, length), (int)(size / length)).ToArray() : null;
    }

    private static TensorShape? Expanded(GraphNode node, TensorShape input)
    {
        if (node.Arguments.Sizes("sizes", 1) is not { } sizes || sizes.Count != input.Rank) return null;
        return new(input.Axes.Select((axis, i) => axis.Size == 1 && axis.Role != AxisRole.Batch && sizes[i] is > 1 and var size ? axis with { Size = size } : axis).ToArray());
    }

    private static TensorShape Permuted(TensorShape input, int[] order) => new(order.Select(i => input.Axes[i]).ToArray());

    private static TensorShape Inserted(TensorShape input, int at)
    {
        var axes = input.Axes.ToList();
        axes.Insert(Math.Min(Math.Max(at, 0), axes.Count), new(AxisRole.Position, 1));
        return new(axes.ToArray());
    }

    private static TensorShape Without(TensorShape input, IReadOnlyCollection<int> axes, bool keep) =>
        new(input.Axes.Select((a, i) => axes.Contains(i) ? a with { Size = 1 } : a).Where((_, i) => keep || !axes.Contains(i)).ToArray());

    private static int? Axis(GraphNode node, string name, TensorShape input, long? otherwise = null) =>
        node.Arguments.IsUnknown(name) ? null : (node.Arguments.Integer(name) ?? otherwise) is { } axis ? input.Index(axis) : null;

    private static IReadOnlyCollection<int>? Axes(GraphNode node, string name, TensorShape input)
    {
        var axes = node.Arguments.Sizes(name, 1)?.Select(a => a is { } axis ? input.Index(axis) : null).ToArray();
        return axes is null || axes.Any(a => a is null) ? null : axes.Select(a => a!.Value).ToArray();
    }

    private static int[]? Order(GraphNode node, TensorShape input)
    {
        var order = (node.Arguments["permutation"] ?? node.Arguments["dim"]) as IReadOnlyList<long?>;
        var axes = order?.Select(a => a is { } axis ? input.Index(axis) : null).ToArray();
        return axes is null || axes.Length != input.Rank || axes.Any(a => a is null) ? null : axes.Select(a => a!.Value).ToArray();
    }

    private static double? SliceLength(GraphNode node, double size)
    {
        if (node.Arguments.Integer("length") is { } length) return length;
        if (node.Arguments.Integer("start") is not { } start || node.Arguments.Integer("finish") is not { } finish) return null;
        double from = start < 0 ? start + size : start, to = Math.Min(finish < 0 ? finish + size : finish, size);
        return to > from ? Math.Ceiling((to - from) / (node.Arguments.Integer("step") ?? 1)) : null;
    }
}
