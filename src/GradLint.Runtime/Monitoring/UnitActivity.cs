using GradLint.Core.Model;
using GradLint.Runtime.Measurement;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>What the outputs of an activation module say of its units, on the device.</summary>
internal static class UnitActivity
{
    private const double FlatSlope = 0.05;

    public static bool CanDie(nn.Module module) => LayerKinds.KindOf(module) is LayerKind.ReLU or LayerKind.ReLU6;

    public static bool CanSaturate(nn.Module module) => LayerKinds.KindOf(module) is
        LayerKind.Sigmoid or LayerKind.Tanh or LayerKind.Hardtanh or LayerKind.Hardsigmoid or LayerKind.Softsign;

    /// <summary>Per unit, the largest of its outputs.</summary>
    /// <param name="output">(batch, units), (batch, …, units) or, when <paramref name="unitsSecond"/>, (batch, units, …).</param>
    public static Tensor Largest(Tensor output, bool unitsSecond) =>
        AsSingle(output.ndim < 2 ? output.reshape(-1) : output.amax(AllButUnits(output, unitsSecond)));

    /// <summary>Per unit, the share of outputs where φ′ is below 5 % of its maximum.</summary>
    /// <param name="module">A module that <see cref="CanSaturate"/>.</param>
    /// <param name="output">As in <see cref="Largest"/>.</param>
    public static Tensor SaturatedShare(nn.Module module, Tensor output, bool unitsSecond)
    {
        using var scope = NewDisposeScope();
        var flat = IsFlat(module, output).to(ScalarType.Float32);
        return (output.ndim < 2 ? flat.reshape(-1) : flat.mean(AllButUnits(output, unitsSecond))).MoveToOuterDisposeScope();
    }

    /// <summary>Per unit (row of a weight matrix), the largest gradient magnitude: 0 for a unit that passes none.</summary>
    public static Tensor LargestGradient(Tensor gradient)
    {
        // Let go at once, so that the next layer's takes its place in memory.
        using var magnitudes = gradient.abs();
        return AsSingle(magnitudes.amax([.. Enumerable.Range(1, (int)gradient.ndim - 1).Select(axis => (long)axis)]));
    }

    /// <summary>Device scalar: the share of rows equal to another row and not zero.</summary>
    /// <remarks>Rows are told apart by their product with one fixed vector, to a relative 1e-6.</remarks>
    public static Tensor TwinShare(Tensor gradient)
    {
        var rows = gradient.flatten(1).to(ScalarType.Float32);
        var key = arange(rows.shape[1], dtype: ScalarType.Float32, device: rows.device).cos();
        var marks = rows.mv(key).sort().Values;
        var count = marks.shape[0];
        var (lower, upper) = (marks.narrow(0, 0, count - 1), marks.narrow(0, 1, count - 1));
        var equal = (upper - lower).le(upper.abs() * 1e-6).logical_and(upper.ne(0)).to(ScalarType.Float32);
        var none = zeros([1], ScalarType.Float32, rows.device);
        return maximum(cat([equal, none]), cat([none, equal])).mean();
    }

    private static Tensor AsSingle(Tensor values) => values.dtype == ScalarType.Float32 ? values : values.to(ScalarType.Float32);

    private static long[] AllButUnits(Tensor output, bool unitsSecond)
    {
        var units = unitsSecond && output.ndim > 2 ? 1 : output.ndim - 1;
        return [.. Enumerable.Range(0, (int)output.ndim).Where(axis => axis != units).Select(axis => (long)axis)];
    }

    // Written in terms of φ itself.
    private static Tensor IsFlat(nn.Module module, Tensor output) => LayerKinds.KindOf(module) switch
    {
        LayerKind.Sigmoid => (output * (1 - output)).lt(FlatSlope / 4),
        LayerKind.Tanh => (1 - output.square()).lt(FlatSlope),
        LayerKind.Softsign => (1 - output.abs()).square().lt(FlatSlope),
        LayerKind.Hardsigmoid => output.le(0).logical_or(output.ge(1)),
        LayerKind.Hardtanh => output.le(((Hardtanh)module).min_val).logical_or(output.ge(((Hardtanh)module).max_val)),
        _ => throw new ArgumentException($"{module.GetType().Name} does not saturate.", nameof(module)),
    };
}
