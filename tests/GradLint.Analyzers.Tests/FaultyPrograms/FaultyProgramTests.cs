using System.Reflection;
using System.Runtime.Loader;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.FaultyPrograms;

/// <summary>Programs as people write them, split over methods, types and files: every planted fault is found, and no twin is flagged.</summary>
public class FaultyProgramTests(ITestOutputHelper output)
{
    public static TheoryData<string> Programs => [.. FaultyProgram.Names];

    [Fact]
    public async Task EveryFault_IsFound_AndNoTwinIsFlagged()
    {
        var (found, flagged, total) = (0, 0, 0);
        foreach (var program in FaultyProgram.Names.Select(FaultyProgram.Read))
        {
            var isFound = (await AllAnalyzers.DiagnosticsAsync(program.Faulty)).Any(finding => finding.Id == program.RuleId);
            var falseAlarms = await FalseAlarmsAsync(program);
            output.WriteLine($"{program.Name,-60} {(isFound ? "found" : "MISSED"),-8} {(falseAlarms.Count == 0 ? "silent" : "FLAGGED " + string.Join(", ", falseAlarms))}");
            total++;
            found += isFound ? 1 : 0;
            flagged += falseAlarms.Count == 0 ? 0 : 1;
        }

        output.WriteLine($"found {found}/{total}, twins flagged {flagged}/{total}");
        Assert.Equal((total, 0), (found, flagged));
    }

    /// <summary>The fault is one: running both programs shows a difference.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void FaultAndTwin_DifferWhenRun(string name)
    {
        var program = FaultyProgram.Read(name);
        Assert.NotEqual(Run(program.Correct), Run(program.Faulty));
    }

    /// <summary>What is said of the twin: the planted rule, or any warning. A hint on something else in it (a default LSTM's forget gate) may be right.</summary>
    private static async Task<IReadOnlyCollection<string>> FalseAlarmsAsync(FaultyProgram program) =>
        (await AllAnalyzers.DiagnosticsAsync(program.Correct))
            .Where(finding => finding.Id == program.RuleId || finding.Severity >= DiagnosticSeverity.Warning)
            .Select(finding => finding.Id)
            .Distinct()
            .ToArray();

    private static double Run(IReadOnlyList<SyntaxTree> program)
    {
        using var assembly = new MemoryStream();
        var result = AllAnalyzers.Compile(program).Emit(assembly);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        assembly.Position = 0;

        var context = new AssemblyLoadContext("program", isCollectible: true);
        try
        {
            var probe = context.LoadFromStream(assembly).GetType("Probe")!.GetMethod("Value", BindingFlags.Public | BindingFlags.Static)!;
            return Convert.ToDouble(probe.Invoke(null, null), System.Globalization.CultureInfo.InvariantCulture);
        }
        finally
        {
            context.Unload();
        }
    }
}
