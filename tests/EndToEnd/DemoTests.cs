using System.Globalization;
using System.Text.RegularExpressions;

namespace GradLint.EndToEnd;

[Collection("Builds in the repository"), Trait("Speed", "slow")]
public sealed partial class DemoTests
{
    /// <summary>Of ten digits, chance is 10 %; the sample's test set of 359 images puts 3 standard deviations at 4.8 %.</summary>
    private const double MostOfChance = 15;

    [Fact]
    public void Demo_PredictsTheFault_AppliesTheFix_AndMeasuresThatItHelped()
    {
        var demo = BuildProgram.Run("demo");
        Assert.True(demo.ExitCode == 0, demo.Output);

        Assert.Contains("warning GL1001", demo.Output);
        Assert.Contains(demo.Lines, line => line.StartsWith("-", StringComparison.Ordinal) && line.Contains("Sigmoid()"));
        Assert.Contains("no finding is left", demo.Output);
        var last = LastLine().Match(demo.Lines.Last(line => line.Length > 0));
        Assert.True(last.Success, demo.Output);
        Assert.InRange(Percent(last.Groups["before"]), 0, MostOfChance);
        Assert.InRange(Percent(last.Groups["after"]), 90, 100);
    }

    private static double Percent(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^accuracy before: (?<before>\d+\.\d) %, after: (?<after>\d+\.\d) %$")]
    private static partial Regex LastLine();
}
