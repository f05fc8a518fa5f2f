using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>
/// The axes after a reshape: sizes that the code tells, and what is left over, are matched so that neighbouring axes merge or one is
/// split. Of several ways the one that leaves samples and positions alone is taken: (B, T, C) → (?, ?, 4, ?) splits C.
/// </summary>
internal static class Reshaping
{
    public static TensorShape? Of(GraphNode node, TensorShape input)
    {
        if (node.Arguments["shape"] is not IReadOnlyList<long?> sizes || sizes.Count == 0) return null;
        var best = Match(input.Axes, [.. sizes.Select(size => size == -1 ? null : size)], 0, 0);
        return best is null ? null : new([.. best.Value.Axes]);
    }

    private static (double Cost, IReadOnlyList<Axis> Axes)? Match(IReadOnlyList<Axis> input, IReadOnlyList<long?> sizes, int from, int to)
    {
        if (from == input.Count && to == sizes.Count) return (0, []);
        if (to == sizes.Count) return null;
        (double Cost, IReadOnlyList<Axis> Axes)? best = null;

        // An axis of size 1 that comes from nowhere.
        if (sizes[to] == 1) Try(1, [new(AxisRole.Position, 1)], 0, 1);
        for (var taken = 1; from + taken <= input.Count; taken++)
        {
            var merged = input.Skip(from).Take(taken).ToArray();
            var size = merged.Aggregate(1.0, (product, axis) => product * axis.Size);
            // The batch size is this prediction's, not the code's.
            if (sizes[to] is null || sizes[to] == size || (taken == 1 && merged[0].Role == AxisRole.Batch))
                Try(MergeCost(merged), [new(RoleOf(merged), size)], taken, 1);
        }

        if (from < input.Count && input[from].Role != AxisRole.Batch)
        {
            for (var parts = 2; to + parts <= sizes.Count; parts++)
            {
                if (Split(input[from], sizes.Skip(to).Take(parts).ToArray()) is { } split)
                    Try(input[from].Role == AxisRole.Feature ? 1 : 4, split, 1, parts);
            }
        }

        return best;

        void Try(double cost, IReadOnlyList<Axis> axes, int taken, int given)
        {
            if (Match(input, sizes, from + taken, to + given) is not { } rest || best?.Cost <= cost + rest.Cost) return;
            best = (cost + rest.Cost, [.. axes, .. rest.Axes]);
        }
    }

    private static IReadOnlyList<Axis>? Split(Axis axis, IReadOnlyList<long?> sizes)
    {
        var known = sizes.Aggregate(1.0, (product, size) => product * (size ?? 1));
        var left = axis.Size / known;
        return sizes.Count(size => size is null) is var open && (open > 1 || left != Math.Floor(left) || left < 1 || (open == 0 && left != 1)) ? null
            : sizes.Select(size => axis with { Size = size ?? left }).ToArray();
    }

    private static double MergeCost(IReadOnlyList<Axis> axes)
    {
        if (axes.Count == 1) return 0;
        var roles = axes.Where(axis => axis.Size != 1).Select(axis => axis.Role).Distinct().ToArray();
        // Samples merged with anything else would be taken for more samples.
        if (roles.Length > 1 && roles.Contains(AxisRole.Batch)) return 100;
        return roles.Length <= 1 ? 0.5 : 2;
    }

    private static AxisRole RoleOf(IReadOnlyList<Axis> axes) =>
        axes.Any(axis => axis.Role == AxisRole.Batch) ? AxisRole.Batch
        : axes.Any(axis => axis.Role == AxisRole.Feature && (axis.Size != 1 || axes.Count == 1)) ? AxisRole.Feature : AxisRole.Position;
}
