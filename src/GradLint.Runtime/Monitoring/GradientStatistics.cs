using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>The gradients of a model's parameters as they have accumulated so far.</summary>
internal sealed class GradientStatistics
{
    private readonly MeasurementPlan _plan;
    private readonly DeviceStatistics _statistics;
    private readonly Func<DeviceStatistics.Reading, ParameterSample>?[] _read;
    private readonly List<ObservedUnits> _rows = [];
    private readonly Func<DeviceStatistics.Reading, int, UnitShare> _idle;
    private int _matricesWithRows;

    /// <summary>Adds them to statistics. What is made on the way belongs to the dispose scope around it.</summary>
    public GradientStatistics(IReadOnlyList<LiveParameter> parameters, MeasurementPlan plan, DeviceStatistics statistics)
    {
        (_plan, _statistics) = (plan, statistics);
        _read = new Func<DeviceStatistics.Reading, ParameterSample>?[parameters.Count];
        foreach (var group in plan.Groups.Groups)
        {
            var indices = new List<int>(group.Length);
            var gradients = new List<Tensor>(group.Length);
            foreach (var i in group)
            {
                if (parameters[i].Tensor.grad is not { } gradient)
                    continue;
                indices.Add(i);
                gradients.Add(Norms.Dense(gradient));
            }

            if (indices.Count > 0)
                Measure(parameters, indices, TensorStack.Of(gradients));
        }

        _idle = plan.Windows.Rows.Add(_rows)(statistics);
    }

    /// <summary>What was measured of a parameter; nothing where it has no gradient.</summary>
    public ParameterSample Read(int parameter, DeviceStatistics.Reading reading) => _read[parameter]?.Invoke(reading) ?? new();

    private void Measure(IReadOnlyList<LiveParameter> parameters, List<int> indices, TensorStack gradients)
    {
        var (isMatrix, hasUnitRows) = (parameters[indices[0]].IsMatrix, parameters[indices[0]].HasUnitRows);
        var l2 = _statistics.Add(gradients.L2(), gradients);
        DeviceStatistics.Slot? twins = hasUnitRows && _plan.Twins ? _statistics.Add(UnitRows.TwinShare(gradients), gradients) : null;
        var histograms = isMatrix && _plan.Histograms
            ? Enumerable.Range(0, gradients.Count).Select(member => _statistics.AddVector(Exponents.Count(gradients[member]), Exponents.Bins)).ToArray()
            : null;
        // Last, because it may overwrite them.
        var row = _matricesWithRows;
        var max = hasUnitRows ? MeasureRows(parameters, indices, gradients) : gradients.AddMaxAbs(_statistics);
        for (var i = 0; i < indices.Count; i++)
        {
            var member = i;
            _read[indices[member]] = reading =>
            {
                var idle = hasUnitRows ? _idle(reading, row + member) : default;
                var largest = max(reading, member);
                return new()
                {
                    Gradient = Norm.Of(reading.Value(l2, member), largest),
                    GradientMax = largest,
                    TwinUnits = twins is { } twinsAt ? reading.Value(twinsAt, member) : null,
                    Histogram = histograms is null ? null : [.. reading.Vector(histograms[member]).ToArray().Select(count => (long)count)],
                    IdleUnits = hasUnitRows ? idle.Share : null,
                    IdleWindow = idle.Samples,
                };
            };
        }
    }

    /// <returns>Reads max |∂L/∂p| of each.</returns>
    private Func<DeviceStatistics.Reading, int, double> MeasureRows(IReadOnlyList<LiveParameter> parameters, List<int> indices, TensorStack gradients)
    {
        var largest = UnitRows.Largest(gradients);
        _rows.Add(new([.. indices.Select(i => parameters[i].Path)], _plan.Home(largest)));
        _matricesWithRows += gradients.Count;
        var max = _statistics.Add(largest.amax(-1), gradients);
        return (reading, member) => reading.Value(max, member);
    }
}
