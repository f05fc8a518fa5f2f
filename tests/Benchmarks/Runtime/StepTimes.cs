using System.Diagnostics;
using System.Globalization;
using GradLint.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Benchmarks.Runtime;

/// <summary>
/// What a training step costs without a monitor, with its defaults, with every step sampled, and with the loop people write
/// (each statistic of each parameter read by <c>item()</c>). The variants alternate in one run, so that all meet the same
/// machine.
/// </summary>
internal static class StepTimes
{
    private const int Rounds = 11;

    private static readonly GradientMonitorOptions Defaults = new() { Console = false };

    /// <summary>The same statistics as the naive loop, of every step: parameters only.</summary>
    private static readonly GradientMonitorOptions Parameters = new() { Console = false, Interval = 1, ObserveModules = false, ObserveUpdates = false };

    private static readonly GradientMonitorOptions Everything = new() { Console = false, Interval = 1 };

    public static int Run(string? only)
    {
        var workloads = Workload.All.Where(workload => only is null || workload.Name == only).ToArray();
        if (workloads.Length == 0)
        {
            Console.Error.WriteLine($"There is no workload '{only}': {string.Join(", ", Workload.All.Select(workload => workload.Name))}.");
            return 1;
        }

        Console.WriteLine($"Median of {Rounds} rounds and their quartiles, variants alternating; times a step without monitor.");
        Console.WriteLine($"{"",-24} {"step",9}  {"defaults",20}  {"all statistics",20}  {"naive loop",20}  {"added / naive",13}");
        foreach (var (_, create) in workloads)
            Measure(create());
        return 0;
    }

    private static void Measure(Workload workload)
    {
        using var optimizer = optim.SGD(workload.Model.parameters(), 1e-6);
        var plain = new Variant(workload, optimizer);
        var defaults = new Variant(workload, optimizer) { Options = Defaults };
        var full = new Variant(workload, optimizer) { Options = Parameters };
        var everything = new Variant(workload, optimizer) { Options = Everything };
        var naive = new Variant(workload, optimizer) { AfterBackward = Naive };

        // Enough steps that the defaults meet their interval, as in a long run.
        var steps = 200;
        if (plain.Time(20) > 20)
            steps = 100;
        // Long enough for the runtime to compile what it will run.
        foreach (var variant in new[] { plain, defaults, full, everything, naive })
            variant.Time(steps);

        var rounds = Enumerable.Range(0, Rounds)
            .Select(_ => (Plain: plain.Time(steps), Defaults: defaults.Time(steps), Full: full.Time(steps / 4), Everything: everything.Time(steps / 4), Naive: naive.Time(steps / 4)))
            .ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{workload.Name,-24} {Quartiles(rounds.Select(round => round.Plain)).Median,6:0.00} ms  {Spread(rounds.Select(round => round.Defaults / round.Plain))}  {Spread(rounds.Select(round => round.Everything / round.Plain))}  {Spread(rounds.Select(round => round.Naive / round.Plain))}  {Quartiles(rounds.Select(round => (round.Full - round.Plain) / (round.Naive - round.Plain))).Median,13:0.00}"));
        foreach (var variant in new[] { defaults, full, everything })
            variant.Dispose();
    }

    private static void Naive(nn.Module model)
    {
        using var mode = no_grad();
        foreach (var parameter in model.parameters())
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is not { } gradient)
                continue;
            // What the monitor takes of each parameter: both norms of the gradient, the weight's, and units without gradient.
            _ = gradient.norm().item<float>();
            _ = gradient.abs().max().item<float>();
            _ = parameter.norm().item<float>();
            if (gradient.ndim > 1)
                _ = gradient.flatten(1).abs().amax(1L).le(0).to(ScalarType.Float32).mean().item<float>();
        }
    }

    private static string Spread(IEnumerable<double> ratios)
    {
        var (low, median, high) = Quartiles(ratios);
        return string.Create(CultureInfo.InvariantCulture, $"{median,6:0.000} ({low:0.000}–{high:0.000})");
    }

    private static (double Low, double Median, double High) Quartiles(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 4], sorted[sorted.Length / 2], sorted[sorted.Length * 3 / 4]);
    }

    /// <summary>One way to train, whose monitor goes on from round to round.</summary>
    private sealed class Variant(Workload workload, optim.Optimizer optimizer) : IDisposable
    {
        private GradientMonitor? _monitor;

        public GradientMonitorOptions? Options { get; init; }

        public Action<nn.Module>? AfterBackward { get; init; }

        /// <returns>Milliseconds a step.</returns>
        public double Time(int steps)
        {
            if (Options is not null)
                _monitor ??= GradientMonitor.Attach(workload.Model, optimizer, Options);
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = functional.cross_entropy(workload.Model.call(workload.Input), workload.Target);
                loss.backward();
                _monitor?.AfterBackward(loss);
                AfterBackward?.Invoke(workload.Model);
                optimizer.step();
                _monitor?.AfterStep();
            }

            return clock.Elapsed.TotalMilliseconds / steps;
        }

        public void Dispose() => _monitor?.Dispose();
    }
}
