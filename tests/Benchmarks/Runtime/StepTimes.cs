using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GradLint.Runtime;
using TorchSharp;

namespace GradLint.Benchmarks.Runtime;

/// <summary>
/// What a training step costs without a monitor, with its defaults, with every step sampled, and with the loop people write,
/// which reads each statistic by <c>item()</c>. The variants take turns every few steps on one model, so that all meet the same
/// machine and the same memory.
/// </summary>
internal static class StepTimes
{
    /// <summary>Of the variant with defaults: at least one sampled step a round, and where steps are short, several.</summary>
    private const int LeastStepsARound = 100;
    private const int MostStepsARound = 1000;
    private const double MillisecondsARound = 500;
    private const int Turns = 20;
    private const int WarmUp = 100;

    private const double LongStepMilliseconds = 2;
    private const double MostOnLongSteps = 1.02;
    private const double MostOnShortSteps = 1.05;
    private const double MostOfNaive = 1;

    private static readonly GradientMonitorOptions Defaults = new() { Console = false };

    // The horizon, which no loop measures, is part of the defaults.
    private static readonly GradientMonitorOptions Everything = Defaults with { Interval = 1, HorizonEvery = 0 };
    private static readonly GradientMonitorOptions Parameters = Everything with { ObserveModules = false, ObserveUpdates = false };

    public static Command Create()
    {
        var models = new Argument<string[]>("models") { Description = $"Of {string.Join(", ", Workload.All.Select(workload => workload.Name))}; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
        models.AcceptOnlyFromAmong([.. Workload.All.Select(workload => workload.Name)]);
        var rounds = new Option<int>("--rounds") { Description = "Rounds of at least 100 steps.", DefaultValueFactory = _ => 7 };
        rounds.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<int>() < 1)
                parsed.AddError("--rounds must be at least 1.");
        });
        var wall = new Option<bool>("--wall") { Description = "Measures by the clock on the wall instead of the process's CPU time, for a machine that does nothing else." };
        var command = new Command("runtime", "What the monitor costs a training step; fails above the bars.") { models, rounds, wall };
        command.SetAction(parsed =>
        {
            // One thread, so that the two times are the same thing where nothing else runs.
            torch.set_num_threads(1);
            return Run(parsed.GetValue(models)!, parsed.GetValue(rounds), parsed.GetValue(wall) ? () => Stopwatch.GetElapsedTime(0) : () => Environment.CpuUsage.TotalTime);
        });
        return command;
    }

    private static int Run(string[] only, int rounds, Func<TimeSpan> time)
    {
        Console.WriteLine($"Time of a training step over that without a monitor: median of {rounds} rounds and their quartiles.");
        Console.WriteLine($"{"",-22} {"step",9}  {"defaults",20}  {"every step sampled",20}  {"naive loop",20}  {"added / naive",13}  {"parameters alone",16}");
        var misses = new List<string>();
        foreach (var (name, create) in Workload.All.Where(workload => only.Length == 0 || only.Contains(workload.Name)))
            Measure(name, create, rounds, time, misses);
        Console.WriteLine(FormattableString.Invariant(
            $"Bars: defaults {MostOnLongSteps} ({MostOnShortSteps} where a step takes less than {LongStepMilliseconds} ms); what a sampled step adds, {MostOfNaive} of what the naive loop of the same statistics adds."));
        foreach (var miss in misses)
            Console.WriteLine($"missed: {miss}");
        return misses.Count == 0 ? 0 : 1;
    }

    private static void Measure(string name, Func<Workload> create, int rounds, Func<TimeSpan> time, List<string> misses)
    {
        var workload = create();
        using var optimizer = torch.optim.SGD(workload.Model.parameters(), 1e-6);
        using var plain = new Variant(workload, optimizer, time);
        using var defaults = new Variant(workload, optimizer, time, Defaults);
        using var everything = new Variant(workload, optimizer, time, Everything);
        using var naive = new Variant(workload, optimizer, time, naive: new(ofModules: true));
        using var parameters = new Variant(workload, optimizer, time, Parameters);
        using var naiveParameters = new Variant(workload, optimizer, time, naive: new(ofModules: false));
        plain.Run(20);
        plain.Restart();
        plain.Run(10);
        var steps = (int)Math.Clamp(MillisecondsARound / plain.Mean, LeastStepsARound, MostStepsARound) / Turns;
        Variant[] sampled = [everything, naive, parameters, naiveParameters];
        // As long as it takes until all code is compiled for good.
        foreach (var variant in sampled)
            variant.Run(WarmUp);

        // The first round is for the schedule to leave its beginning; it does not count.
        var results = new List<Round>();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var variant in (Variant[])[plain, defaults, .. sampled])
                variant.Restart();
            for (var turn = 0; turn < Turns; turn++)
            {
                plain.Run(steps);
                defaults.Run(steps);
                foreach (var variant in sampled)
                    variant.Run(1);
            }

            if (round > 0)
                results.Add(new(plain.Mean, defaults.Mean, plain.Median, everything.Median, naive.Median, parameters.Median, naiveParameters.Median));
            Console.Error.Write($"\r{name}: round {round} of {rounds}    ");
        }

        Console.Error.Write("\r");
        Report(name, workload.Name, results, misses);
    }

    private static void Report(string name, string title, List<Round> rounds, List<string> misses)
    {
        var step = Median(round => round.Step);
        var defaults = Median(round => round.Defaults / round.Plain);
        var added = Median(round => (round.Everything - round.Step) / (round.Naive - round.Step));
        var addedOfParameters = Median(round => (round.Parameters - round.Step) / (round.NaiveParameters - round.Step));
        Console.WriteLine(FormattableString.Invariant(
            $"{title,-22} {step,6:0.00} ms  {Spread(round => round.Defaults / round.Plain)}  {Spread(round => round.Everything / round.Step)}  {Spread(round => round.Naive / round.Step)}  {added,13:0.00}  {addedOfParameters,16:0.00}"));

        var most = step < LongStepMilliseconds ? MostOnShortSteps : MostOnLongSteps;
        if (defaults > most)
            misses.Add(FormattableString.Invariant($"{name}: {defaults:0.000} with defaults, above {most}"));
        if (added > MostOfNaive)
            misses.Add(FormattableString.Invariant($"{name}: a sampled step adds {added:0.00} of what the naive loop does"));

        double Median(Func<Round, double> value) => Quartiles(rounds.Select(value)).Median;

        string Spread(Func<Round, double> value)
        {
            var (low, median, high) = Quartiles(rounds.Select(value));
            return string.Create(CultureInfo.InvariantCulture, $"{median,6:0.000} ({low:0.000}–{high:0.000})");
        }
    }

    private static (double Low, double Median, double High) Quartiles(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 4], sorted[sorted.Length / 2], sorted[sorted.Length * 3 / 4]);
    }

    /// <summary>Milliseconds a step in one round, by variant.</summary>
    private sealed record Round(double Plain, double Defaults, double Step, double Everything, double Naive, double Parameters, double NaiveParameters);
}
