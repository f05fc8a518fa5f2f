using GradLint.Core.Model;
using GradLint.Core.Propagation.Recurrence;

namespace GradLint.Core.Propagation.Flows;

/// <summary>
/// RNN, LSTM and GRU, of several layers and both directions, by simulation. (Pascanu et al. 2013 for the product of Jacobians
/// over time; Tallec &amp; Ollivier 2018 and Jozefowicz et al. 2015 for gate biases.)
/// </summary>
internal sealed class RecurrentFlow : Flow
{
    private const int Seeds = 2;
    private const int MaxSteps = 128;

    /// <summary>All layers are simulated, and kept for the way back.</summary>
    private const int MaxLayers = 32;

    private readonly IReadOnlyList<IReadOnlyList<RecurrentParameters>> _layers;
    private readonly RecurrentSimulation[] _simulations;
    private readonly Signal _input;
    private readonly double _samples;
    private readonly int _steps;

    private RecurrentFlow(GraphNode node, Signal input, IReadOnlyList<TensorShape> outputs, double samples, RecurrentCell cell, IReadOnlyList<IReadOnlyList<RecurrentParameters>> layers, double dropout)
        : base(node)
    {
        (_input, _samples, _layers) = (input, samples, layers);
        _steps = (int)Math.Min(input.Shape.Positions, MaxSteps);
        _simulations = Enumerable.Range(1, Seeds).Select(seed => new RecurrentSimulation(cell, layers, input, _steps, dropout, (ulong)seed)).ToArray();
        Func<RecurrentSimulation, (double, Moments)>[] results = [s => s.Output, s => s.Final, s => s.FinalMemory];
        Outputs = outputs.Zip(results, (shape, result) => Average(shape, _simulations.Select(result).ToArray())).ToArray();
    }

    public static Flow Create(GraphNode node, Signal input, IReadOnlyList<TensorShape> outputs, FlowContext context)
    {
        long? count = node.Arguments.IsUnknown("numLayers") ? null : node.Arguments.Integer("numLayers") ?? 1;
        if (count is null || node.Arguments.IsUnknown("bidirectional") || node.Arguments.IsUnknown("dropout") || RecurrentCell.For(node) is not { } cell)
            return new UnknownFlow(node, "an argument of it is not known");
        if (count > MaxLayers)
            return new UnknownFlow(node, $"{count} layers are more than the {MaxLayers} that are simulated");
        var layers = new List<IReadOnlyList<RecurrentParameters>>();
        for (var layer = 0; layer < count; layer++)
        {
            string[] suffixes = node.Arguments.Flag("bidirectional") == true ? [$"_l{layer}", $"_l{layer}_reverse"] : [$"_l{layer}"];
            var parameters = suffixes.Select(suffix => RecurrentParameters.Of(node, context, suffix)).ToArray();
            if (parameters.Any(p => p is null)) return new UnknownFlow(node, "the size or initialization of its parameters is not known");
            layers.Add(parameters!);
        }

        return layers.Count == 0
            ? new UnknownFlow(node, "it has no layer")
            : new RecurrentFlow(node, input, outputs, context.BatchSize, cell, layers, node.Arguments.Number("dropout") ?? 0);
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters)
    {
        var sequence = outputs[0].Second;
        double[]? atOutput = outputs[0].IsZero ? null : Rms(outputs[0].Profile, _steps), atHidden = AtEnds(outputs, 1), atMemory = AtEnds(outputs, 2);
        var onlyOneStep = outputs[0].Profile?.Count(p => p > 0) == 1 || outputs[0].IsZero;
        var reference = outputs[0].IsZero ? Moments.Zero : sequence;
        var scale = outputs[0].IsZero ? outputs.Skip(1).Max(o => o.Second.Same) : sequence.Same;
        if (scale == 0) return [Gradient.Zero];

        var total = Moments.Zero;
        var byStep = new double[_steps];
        var norms = new Dictionary<int, (double Log, SquaredNorm Sum)>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var own = _simulations[seed].Backward(atOutput, Scaled(atHidden, scale), Scaled(atMemory, scale), isShared: false, (ulong)(100 + seed));
            var shared = onlyOneStep || reference.CrossPosition == 0 ? own : _simulations[seed].Backward(atOutput, null, null, isShared: true, (ulong)(100 + seed));
            var (same, cross) = (scale, outputs[0].IsZero ? outputs.Skip(1).Max(o => o.Second.CrossSample) : sequence.CrossSample);
            double sharedSame = onlyOneStep ? 0 : reference.CrossPosition, sharedCross = onlyOneStep ? 0 : reference.CrossBoth;
            AddNorms(norms, own, shared, same - sharedSame, cross - sharedCross, sharedSame, sharedCross);
            total += new Moments(
                (own.AtInput.Same * (same - sharedSame)) + (shared.AtInput.Same * sharedSame),
                (own.AtInput.CrossSample * (cross - sharedCross)) + (shared.AtInput.CrossSample * sharedCross),
                (own.AtInput.CrossPosition * (same - sharedSame)) + (shared.AtInput.CrossPosition * sharedSame),
                (own.AtInput.CrossBoth * (cross - sharedCross)) + (shared.AtInput.CrossBoth * sharedCross)) * (1.0 / Seeds);
            for (var t = 0; t < _steps; t++)
                byStep[t] += ((own.ByStep[t] * (same - sharedSame)) + (shared.ByStep[t] * sharedSame)) / Seeds;
        }

        foreach (var pair in norms)
        {
            // The mean over seeds is geometric; the share between samples goes with it.
            var factor = Math.Exp(pair.Value.Log / Seeds) / Math.Max(pair.Value.Sum.Total, 1e-300);
            parameters.Add(pair.Key, pair.Value.Sum * factor);
        }

        var mean = byStep.Average();
        return [new(total) { Profile = mean > 0 && _steps == _input.Shape.Positions ? byStep.Select(b => b / mean).ToArray() : null }];
    }

    /// <summary>How fast a gradient at the last step alone dies out on the way back in time.</summary>
    public MemoryHorizon Horizon()
    {
        var last = new double[_steps];
        last[_steps - 1] = 1;
        var logs = new double[_steps];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var response = _simulations[seed].Backward(last, null, null, isShared: false, (ulong)(200 + seed));
            for (var back = 0; back < _steps; back++)
                logs[back] += Math.Log(Math.Max(response.ByStep[_steps - 1 - back], 1e-300)) / 2 / Seeds;
        }

        return MemoryHorizons.Of(Node.Id, logs);
    }

    /// <summary>Sums the logarithms, so that the mean over seeds is geometric.</summary>
    private void AddNorms(Dictionary<int, (double Log, SquaredNorm Sum)> norms, RecurrentResponse own, RecurrentResponse shared, double ownSame, double ownCross, double sharedSame, double sharedCross)
    {
        for (var layer = 0; layer < _layers.Count; layer++)
        {
            for (var direction = 0; direction < _layers[layer].Count; direction++)
            {
                var parameters = _layers[layer][direction];
                NodeParameter?[] all = [parameters.InputWeight, parameters.HiddenWeight, parameters.InputBias, parameters.HiddenBias];
                for (var i = 0; i < all.Length; i++)
                {
                    if (all[i] is not { } parameter) continue;
                    var (a, b) = (own.Parameter(layer, direction, i), shared.Parameter(layer, direction, i));
                    var square = new SquaredNorm(
                        (a.Same * ownSame) + (b.Same * sharedSame),
                        (_samples - 1) * ((a.Cross * ownCross) + (b.Cross * sharedCross))) * (_samples * SizeRatio(parameter, layer, i));
                    norms.TryGetValue(parameter.Index, out var sum);
                    norms[parameter.Index] = (sum.Log + Math.Log(Math.Max(square.Total, 1e-300)), sum.Sum + square);
                }
            }
        }
    }

    /// <summary>Elements of the parameter over elements of its simulated counterpart.</summary>
    private double SizeRatio(NodeParameter parameter, int layer, int kind)
    {
        var units = _layers[0][0].Units;
        var simulated = Math.Min(units, RecurrentSimulation.MaxUnits);
        var columns = kind switch
        {
            0 when layer == 0 => parameter.Shape![1] / Math.Min(parameter.Shape[1], RecurrentSimulation.MaxUnits),
            0 or 1 => units / simulated,
            _ => 1,
        };
        return units / simulated * columns;
    }

    /// <summary>RMS by layer and direction of the gradient at h_n or c_n; null when there is none.</summary>
    private double[]? AtEnds(IReadOnlyList<Gradient> outputs, int index)
    {
        if (index >= outputs.Count || outputs[index].IsZero) return null;
        var ends = _layers.Count * _layers[0].Count;
        return Rms(outputs[index].Profile, ends).Select(r => r * Math.Sqrt(outputs[index].Second.Same)).ToArray();
    }

    private static double[]? Scaled(double[]? rms, double scale) => rms?.Select(r => r / Math.Sqrt(scale)).ToArray();

    private static double[] Rms(IReadOnlyList<double>? profile, int count)
    {
        if (profile is null) return Enumerable.Repeat(1.0, count).ToArray();
        // A sequence longer than is simulated keeps its last steps, where the gradient is.
        return profile.Skip(profile.Count - count).Select(Math.Sqrt).ToArray();
    }

    private static Signal Average(TensorShape shape, (double Mean, Moments Second)[] results)
    {
        var second = results.Aggregate(Moments.Zero, (sum, r) => sum + r.Second) * (1.0 / results.Length);
        return new(shape, results.Average(r => r.Mean), second);
    }
}
