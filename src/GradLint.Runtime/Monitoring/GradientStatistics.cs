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
    }

    /// <summary>What was measured of a parameter; nothing where it has no gradient. To be read once, because windows go on by it.</summary>
    public ParameterSample Read(int parameter, DeviceStatistics.Reading reading) => _read[parameter]?.Invoke(reading) ?? new();

    private void Measure(IReadOnlyList<LiveParameter> parameters, List<int> indices, TensorStack gradients)
    {
        var (isMatrix, hasUnitRows) = (parameters[indices[0]].IsMatrix, parameters[indices[0]].HasUnitRows);
        var l2 = _statistics.Add(gradients.L2(), gradients);
        DeviceStatistics.Slot? twins = hasUnitRows && _plan.Twins ? _statistics.Add(UnitRows.TwinShare(gradients), gradients) : null;
        var histograms = isMatrix && _plan.Histograms
            ? Enumerable.Range(0, gradients.Count).Select(member => _statistics.AddVector(Exponents.Count(gradients[member]), Exponents.Bins)).ToArray()
            : null;
        var rows = hasUnitRows ? UnitRows.AddLargest(gradients, _statistics) : null;
        // Last, because it may overwrite them.
        var max = hasUnitRows ? null : gradients.AddMaxAbs(_statistics);
        for (var i = 0; i < indices.Count; i++)
        {
            var member = i;
            var path = parameters[indices[i]].Path;
            _read[indices[i]] = reading =>
            {
                var units = rows?.Invoke(reading, member);
                var idle = units is null ? default : _plan.Windows.Rows.Add(path, units);
                var largest = units?.Aggregate(MathF.Max) ?? max!(reading, member);
                return new()
                {
                    Gradient = Norm.Of(reading.Value(l2, member), largest),
                    GradientMax = largest,
                    TwinUnits = twins is { } twinsAt ? reading.Value(twinsAt, member) : null,
                    Histogram = histograms is null ? null : [.. reading.Vector(histograms[member]).ToArray().Select(count => (long)count)],
                    IdleUnits = units is null ? null : idle.Share,
                    IdleWindow = idle.Samples,
                };
            };
        }
    }
}
