using GradLint.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Benchmarks.Runtime;

/// <summary>
/// One way to train a model, whose monitor goes on from turn to turn. All train the same model: two copies of one lie
/// differently in memory, and differ by more than the monitor costs.
/// </summary>
internal sealed class Variant : IDisposable
{
    private readonly Func<TimeSpan> _time;
    private readonly List<double> _turns = [];
    private readonly Workload _workload;
    private readonly optim.Optimizer _optimizer;
    private readonly GradientMonitor? _monitor;
    private readonly NaiveLoop? _naive;

    /// <param name="time">The clock to measure by.</param>
    public Variant(Workload workload, optim.Optimizer optimizer, Func<TimeSpan> time, GradientMonitorOptions? options = null, NaiveLoop? naive = null)
    {
        (_workload, _optimizer, _time, _naive) = (workload, optimizer, time, naive);
        if (options is null)
            return;
        _monitor = GradientMonitor.Attach(workload.Model, optimizer, options);
        // Takes back the hooks of the first step, which would slow the others down until its turn comes.
        _monitor.BeginStep();
        _monitor.AfterStep();
    }

    /// <summary>Milliseconds a step since <see cref="Restart"/>, over all turns of the same length.</summary>
    public double Mean => _turns.Average();

    /// <summary>Milliseconds a step in the median turn since <see cref="Restart"/>: of variants whose steps are all of one kind.</summary>
    public double Median => _turns.Order().ElementAt(_turns.Count / 2);

    public void Restart() => _turns.Clear();

    public void Run(int steps)
    {
        _naive?.Attach(_workload.Model);
        var begin = _time();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            _monitor?.BeginStep();
            _optimizer.zero_grad();
            var loss = functional.cross_entropy(_workload.Model.call(_workload.Input), _workload.Target);
            loss.backward();
            _monitor?.AfterBackward(loss);
            _naive?.AfterBackward(_workload.Model, loss);
            _optimizer.step();
            _monitor?.AfterStep();
            _naive?.AfterStep(_workload.Model);
        }

        _turns.Add((_time() - begin).TotalMilliseconds / steps);
        _naive?.Detach();
    }

    public void Dispose() => _monitor?.Dispose();
}
