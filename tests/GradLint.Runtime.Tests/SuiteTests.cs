using GradLint.Runtime.Tests.Programs;

namespace GradLint.Runtime.Tests;

/// <summary>The fault and health suites, each program once; <c>build -- accuracy runtime</c> runs them with several seeds.</summary>
public sealed class SuiteTests(ITestOutputHelper output)
{
    [Fact]
    public void FaultSuite_IsIdentifiedAndLocalised()
    {
        Assert.True(FaultPrograms.All.Count >= 60);
        AssertMeetsBars(FaultPrograms.All);
    }

    [Fact]
    public void HealthySuite_RaisesNoAlarm()
    {
        Assert.True(HealthyPrograms.All.Count >= 100);
        AssertMeetsBars(HealthyPrograms.All);
    }

    private void AssertMeetsBars(IReadOnlyList<TrainingProgram> programs)
    {
        var table = new SuiteTable();
        table.Run(programs, seeds: 1, steps: 150);
        output.WriteLine(table.ToString());
        Assert.True(table.MeetsBars, table.ToString());
    }
}
