namespace GradLint.Core.Propagation;

/// <summary>What the elements along an axis are to each other.</summary>
internal enum AxisRole
{
    /// <summary>Samples of the batch.</summary>
    Batch,

    /// <summary>Units with weights of their own: features, channels.</summary>
    Feature,

    /// <summary>Places that share weights: pixels, tokens, time steps.</summary>
    Position,
}

/// <summary>An axis of a tensor.</summary>
internal readonly record struct Axis(AxisRole Role, double Size);

/// <summary>The axes of a tensor, in TorchSharp's order.</summary>
internal sealed class TensorShape(params Axis[] axes)
{
    public IReadOnlyList<Axis> Axes { get; } = axes;

    public int Rank => Axes.Count;

    public double Features { get; } = Product(axes, AxisRole.Feature);

    public double Positions { get; } = Product(axes, AxisRole.Position);

    public static TensorShape Rows(double samples, double features) =>
        new(new Axis(AxisRole.Batch, samples), new Axis(AxisRole.Feature, features));

    /// <summary>The index of an axis given as TorchSharp takes it: negative counts from the end. Null when there is none such.</summary>
    public int? Index(long axis)
    {
        var index = axis < 0 ? axis + Rank : axis;
        return index >= 0 && index < Rank ? (int)index : null;
    }

    public TensorShape With(int axis, double size) =>
        new(Axes.Select((a, i) => i == axis ? a with { Size = size } : a).ToArray());

    public TensorShape Without(int axis) => new(Axes.Where((_, i) => i != axis).ToArray());

    /// <summary>The last axis of a role, or −1.</summary>
    public int LastOf(AxisRole role)
    {
        for (var i = Rank - 1; i >= 0; i--)
            if (Axes[i].Role == role) return i;
        return -1;
    }

    public override string ToString() => "[" + string.Join(", ", Axes.Select(a => $"{a.Role}:{a.Size}")) + "]";

    private static double Product(Axis[] axes, AxisRole role) =>
        axes.Where(a => a.Role == role).Aggregate(1.0, (product, a) => product * a.Size);
}
