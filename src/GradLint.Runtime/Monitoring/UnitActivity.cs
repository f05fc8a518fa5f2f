using GradLint.Core.Model;
using GradLint.Runtime.Measurement;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>What the outputs of an activation module can say of its units.</summary>
/// <param name="Activation">Unknown where units neither die nor saturate.</param>
/// <param name="UnitsSecond">Whether units are on the second axis of the output, before the positions, and not on the last.</param>
/// <param name="Min">Where the function is bounded by a parameter, its lower bound.</param>
/// <param name="Max">And its upper one.</param>
internal readonly record struct UnitActivity(LayerKind Activation, bool UnitsSecond = false, double Min = 0, double Max = 0)
{
    private const double FlatSlope = 0.05;

    public bool CanDie => Activation is LayerKind.ReLU or LayerKind.ReLU6;

    public bool CanSaturate => Activation is LayerKind.Sigmoid or LayerKind.Tanh or LayerKind.Hardtanh or LayerKind.Hardsigmoid or LayerKind.Softsign;

    public static UnitActivity Of(nn.Module module, bool unitsSecond)
    {
        var activity = new UnitActivity(LayerKinds.KindOf(module), unitsSecond);
        return module is Hardtanh bounded ? activity with { Min = bounded.min_val, Max = bounded.max_val }
            : activity.CanDie || activity.CanSaturate ? activity
            : default;
    }

    /// <summary>
    /// Per unit, the largest of its outputs, or where units saturate, the share of outputs where φ′ is below 5 % of its maximum.
    /// </summary>
    /// <param name="outputs">Each (units), (batch, units), (batch, …, units) or, with <see cref="UnitsSecond"/>, (batch, units, …).</param>
    /// <returns>(outputs, units), or (units) of one.</returns>
    public Tensor Observe(TensorStack outputs)
    {
        var axes = AllButUnits(outputs);
        if (!CanSaturate)
            return axes.Length > 0 ? outputs.Values.amax(axes) : outputs.Values;
        var flat = IsFlat(outputs.Values).to(ScalarType.Float32);
        return axes.Length > 0 ? flat.mean(axes) : flat;
    }

    /// <summary>How many units an output has; a scalar is one.</summary>
    public int Units(TensorStack outputs) => outputs.Values.ndim == outputs.FirstAxis ? 1 : (int)outputs.Values.shape[UnitAxis(outputs)];

    private long UnitAxis(TensorStack outputs)
    {
        var ndim = outputs.Values.ndim;
        return UnitsSecond && ndim - outputs.FirstAxis > 2 ? outputs.FirstAxis + 1 : ndim - 1;
    }

    private long[] AllButUnits(TensorStack outputs)
    {
        var units = UnitAxis(outputs);
        return [.. outputs.AxesFrom(outputs.FirstAxis).Where(axis => axis != units)];
    }

    // Written in terms of φ itself.
    private Tensor IsFlat(Tensor output) => Activation switch
    {
        LayerKind.Sigmoid => (output * (1 - output)).lt(FlatSlope / 4),
        LayerKind.Tanh => (1 - output.square()).lt(FlatSlope),
        LayerKind.Softsign => (1 - output.abs()).square().lt(FlatSlope),
        LayerKind.Hardsigmoid => output.le(0).logical_or(output.ge(1)),
        LayerKind.Hardtanh => output.le(Min).logical_or(output.ge(Max)),
        _ => throw new InvalidOperationException($"{Activation} does not saturate."),
    };
}
