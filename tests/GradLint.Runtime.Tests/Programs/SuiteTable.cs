using System.Globalization;
using System.Text;
using GradLint.Runtime.Rules;
using TorchSharp;

namespace GradLint.Runtime.Tests.Programs;

/// <summary>What the monitor said about the programs with a planted fault and about the healthy ones.</summary>
public sealed class SuiteTable
{
    public const double LeastIdentified = 0.9;
    public const double LeastLocalised = 0.8;
    public const double MostFalseAlarms = 0.02;

    private readonly List<(TrainingProgram Program, int Seed, RunReport Report)> _faulty = [];
    private readonly List<(TrainingProgram Program, int Seed, RunReport Report)> _healthy = [];

    public double IdentifiedShare => Share(_faulty, run => run.Program.IsIdentifiedBy(run.Report));

    public double LocalisedShare => Share(_faulty, run => run.Program.IsLocalisedBy(run.Report));

    /// <summary>Share of healthy runs with at least one Warning.</summary>
    public double AlarmShare => Share(_healthy, run => !run.Report.IsHealthy);

    /// <summary>Share of healthy runs whose loss fell by a fifth or more.</summary>
    public double LearningShare => Share(_healthy, run => run.Report.Loss.IsLearning);

    /// <summary>Whether everything that was run meets its bar.</summary>
    public bool MeetsBars =>
        (_faulty.Count == 0 || (IdentifiedShare >= LeastIdentified && LocalisedShare >= LeastLocalised))
        && (_healthy.Count == 0 || AlarmShare < MostFalseAlarms);

    /// <summary>Runs programs, each once with every seed from 1.</summary>
    /// <param name="steps">Of a healthy run; a fault shows within fewer.</param>
    public void Run(IReadOnlyList<TrainingProgram> programs, int seeds, int steps)
    {
        foreach (var program in programs)
        {
            for (var seed = 1; seed <= seeds; seed++)
            {
                using var scope = torch.NewDisposeScope();
                torch.manual_seed(seed);
                var report = program.Run(seed, new() { Steps = program.Fault is null ? steps : 150 });
                (program.Fault is null ? _healthy : _faulty).Add((program, seed, report));
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"rule",-46} {"planted",7} {"identified",10} {"by itself",9} {"right layer",11} {"false alarms",12}");
        foreach (var rule in RuntimeRules.All.Select(rule => rule.Description))
        {
            var planted = _faulty.Where(run => run.Program.RuleIds[0] == rule.Id).ToArray();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{rule.Id + " " + rule.Title,-46} {planted.Length,7} {planted.Count(run => run.Program.IsIdentifiedBy(run.Report)),10} {planted.Count(run => Warns(run.Report, rule.Id)),9} {planted.Count(run => run.Program.IsLocalisedBy(run.Report)),11} {_healthy.Count(run => Warns(run.Report, rule.Id)),12}");
        }

        if (_faulty.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{_faulty.Count} runs of {Distinct(_faulty)} programs with one planted fault: {IdentifiedShare:P1} identified (bar {LeastIdentified:P0}), {LocalisedShare:P1} at the right layer (bar {LeastLocalised:P0})");
            foreach (var (program, seed, report) in _faulty.Where(run => !run.Program.IsLocalisedBy(run.Report)))
                text.AppendLine($"  missed: {program.Fault}: {program.Name}, seed {seed}: {Said(report)}");
        }

        if (_healthy.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{_healthy.Count} runs of {Distinct(_healthy)} healthy programs: false alarms in {AlarmShare:P1} (bar below {MostFalseAlarms:P0}); {LearningShare:P1} of them learnt");
            foreach (var (program, seed, report) in _healthy.Where(run => !run.Report.IsHealthy || !run.Report.Loss.IsLearning))
                text.AppendLine(CultureInfo.InvariantCulture, $"  {program.Name}, seed {seed}: loss {report.Loss.Initial:G3} → {report.Loss.Current:G3}: {Said(report)}");
        }

        return text.ToString().TrimEnd();
    }

    private static bool Warns(RunReport report, string ruleId) =>
        report.Findings.Any(finding => finding.RuleId == ruleId && finding.Severity == FindingSeverity.Warning);

    private static int Distinct(List<(TrainingProgram Program, int, RunReport)> runs) => runs.Select(run => run.Program).Distinct().Count();

    private static double Share<T>(List<T> runs, Func<T, bool> holds) => runs.Count == 0 ? 0 : (double)runs.Count(holds) / runs.Count;

    private static string Said(RunReport report) =>
        report.Findings.Count == 0 ? "nothing found" : string.Join("; ", report.Findings.Select(finding => $"{finding.Severity} {finding.RuleId} '{finding.Path}'"));
}
