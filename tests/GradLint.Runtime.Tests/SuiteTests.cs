using GradLint.Runtime.Tests.Programs;
using TorchSharp;

namespace GradLint.Runtime.Tests;

/// <summary>The fault and health suites, each program once; <c>build -- accuracy</c> runs them with several seeds and prints the table.</summary>
public sealed class SuiteTests(ITestOutputHelper output)
{
    [Fact]
    public void FaultSuite_IsIdentifiedAndLocalised()
    {
        var table = SuiteTable.Run(FaultPrograms.All, seeds: 1, healthySteps: 150);
        output.WriteLine(table.ToString());

        Assert.True(table.Programs >= 60, $"{table.Programs} programs");
        Assert.True(table.IdentifiedShare >= 0.9, table.ToString());
        Assert.True(table.LocalisedShare >= 0.8, table.ToString());
    }

    [Fact]
    public void HealthySuite_RaisesNoAlarm()
    {
        var table = SuiteTable.Run(HealthyPrograms.All, seeds: 1, healthySteps: 150);
        output.WriteLine(table.ToString());

        Assert.True(table.AlarmShare < 0.02, table.ToString());
    }
}
