namespace GradLint.Accuracy;

internal static class AccuracyReport
{
    /// <summary>Prints a line a family; returns whether all meet the bar.</summary>
    public static bool Print(IReadOnlyList<FamilyResult> results, bool verbose)
    {
        Console.WriteLine($"{"family",-20} {"models",6} {"within 0.5",10} {"median",7} {"95 %",7}  worst");
        foreach (var result in results)
        {
            var worst = result.Comparisons.MaxBy(c => c.Error)!;
            Console.WriteLine(FormattableString.Invariant(
                $"{result.Family,-20} {result.Comparisons.Count,6} {result.Share,10:P1} {result.Percentile(0.5),7:F3} {result.Percentile(0.95),7:F3}  {worst.Error:F2} ({worst.Worst}) {Shortened(worst.Source.Description)}"));
            foreach (var miss in verbose ? result.Comparisons.Where(c => !c.Holds) : [])
                Console.WriteLine(FormattableString.Invariant($"    {miss.Error:F2} {miss.Worst} time {miss.TimeError:F2} horizon {miss.HorizonHolds}: {miss.Source.TypeName} {miss.Source.Description}"));
        }

        var below = results.Where(r => r.Share < FamilyResult.Bar).Select(r => r.Family).ToArray();
        Console.WriteLine(below.Length == 0
            ? $"every family meets the bar of {FamilyResult.Bar:P0} of models within {Comparison.Tolerance} decades"
            : $"below the bar of {FamilyResult.Bar:P0} of models within {Comparison.Tolerance} decades: {string.Join(", ", below)}");
        return below.Length == 0;
    }

    private static string Shortened(string text) => text.Length <= 120 ? text : text[..117] + "...";
}
