using System.Globalization;
using System.Text;
using TorchSharp;

namespace GradLint.Runtime.Tests.Programs;

/// <summary>What the monitor said about a suite of programs.</summary>
public sealed class SuiteTable
{
    private readonly List<(TrainingProgram Program, int Seed, RunReport Report)> _runs = [];

    public int Programs => _runs.Count;

    public double IdentifiedShare => Share(run => run.Program.IsIdentifiedBy(run.Report));

    public double LocalisedShare => Share(run => run.Program.IsLocalisedBy(run.Report));

    /// <summary>Share of runs with at least one Warning.</summary>
    public double AlarmShare => Share(run => !run.Report.IsHealthy);

    /// <summary>Share of runs whose loss fell by a fifth or more.</summary>
    public double LearningShare => Share(run => run.Report.Loss.IsLearning);

    public static SuiteTable Run(IReadOnlyList<TrainingProgram> programs, int seeds, int healthySteps)
    {
        var table = new SuiteTable();
        foreach (var program in programs)
        {
            for (var seed = 1; seed <= seeds; seed++)
            {
                using var scope = torch.NewDisposeScope();
                torch.manual_seed(seed);
                table._runs.Add((program, seed, program.Run(seed, new() { Steps = program.Fault is null ? healthySteps : 150 })));
            }
        }

        return table;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        if (_runs.Any(run => run.Program.Fault is not null))
        {
            foreach (var fault in _runs.GroupBy(run => run.Program.Fault))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{fault.Key,-24} {fault.Count(run => run.Program.IsIdentifiedBy(run.Report)),3} identified, {fault.Count(run => run.Program.IsLocalisedBy(run.Report)),3} localised of {fault.Count(),3}");
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"{"all",-24} {IdentifiedShare:P1} identified, {LocalisedShare:P1} localised of {Programs}");
            foreach (var (program, seed, report) in _runs.Where(run => !run.Program.IsLocalisedBy(run.Report)))
                text.AppendLine($"  missed: {program.Fault}: {program.Name}, seed {seed}: {Said(report)}");
        }
        else
        {
            foreach (var rule in _runs.SelectMany(run => run.Report.Findings.Where(finding => finding.Severity == FindingSeverity.Warning).Select(finding => finding.RuleId).Distinct()).GroupBy(id => id).OrderBy(group => group.Key))
                text.AppendLine(CultureInfo.InvariantCulture, $"{rule.Key}: false alarm in {rule.Count()} of {Programs} healthy runs");
            text.AppendLine(CultureInfo.InvariantCulture, $"false alarms in {AlarmShare:P1} of {Programs} healthy runs; {LearningShare:P1} of them learnt");
            foreach (var (program, seed, report) in _runs.Where(run => !run.Report.IsHealthy || !run.Report.Loss.IsLearning))
                text.AppendLine(CultureInfo.InvariantCulture, $"  {program.Name}, seed {seed}: loss {report.Loss.Initial:G3} → {report.Loss.Current:G3}: {Said(report)}");
        }

        return text.ToString().TrimEnd();
    }

    private double Share(Func<(TrainingProgram Program, int Seed, RunReport Report), bool> holds) =>
        _runs.Count == 0 ? 0 : (double)_runs.Count(holds) / _runs.Count;

    private static string Said(RunReport report) =>
        report.Findings.Count == 0 ? "nothing found" : string.Join("; ", report.Findings.Select(finding => $"{finding.Severity} {finding.RuleId} '{finding.Path}'"));
}
