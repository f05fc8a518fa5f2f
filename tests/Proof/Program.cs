using System.CommandLine;
using GradLint.Proof;
using GradLint.Proof.Training;

var filter = new Option<string?>("--filter") { Description = "Only cases whose name contains the text." };
var write = new Option<FileInfo?>("--write") { Description = "Trains models before and after their best fix too, and writes all to this Markdown file." };
var data = new Option<string>("--data") { Description = "The digits, to train on.", DefaultValueFactory = _ => Path.Combine("samples", "data", "digits.csv.gz") };
var command = new RootCommand("Mends faulty models with every fix on offer and measures them before and after.") { filter, write, data };
command.SetAction(async (parsed, _) =>
{
    var (proven, held) = await ProveAsync(parsed.GetValue(filter) ?? "");
    if (parsed.GetValue(write) is { } page && held)
    {
        var trained = new List<TrainedFix>();
        foreach (var task in (ITrainingTask[])[new DigitsTask(parsed.GetValue(data)!), new AddingTask(length: 50, steps: 2000), new AddingTask(length: 100, steps: 4000)])
            trained.AddRange(await TrainingComparison.RunAsync(task));
        var temporary = page.FullName + ".tmp";
        await File.WriteAllTextAsync(temporary, FixesPage.Create(trained, proven));
        File.Move(temporary, page.FullName, overwrite: true);
        Console.WriteLine($"{page.Name} written");
    }

    Console.WriteLine(FormattableString.Invariant($"{proven.Select(fix => fix.Case.Name).Distinct().Count()} models, {proven.Count(fix => fix.Holds)} of {proven.Count} fixes hold"));
    return held ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();

static async Task<(IReadOnlyList<ProvenFix> Proven, bool Held)> ProveAsync(string filter)
{
    var (proven, held) = (new List<ProvenFix>(), true);
    foreach (var proofCase in ProofCases.All.Where(one => one.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
    {
        try
        {
            var fixes = await Proof.OfAsync(proofCase);
            proven.AddRange(fixes);
            held &= fixes.All(fix => fix.Holds);
            foreach (var fix in fixes)
                Console.WriteLine(fix);
        }
        catch (ProofException problem)
        {
            Console.WriteLine($"{proofCase.Name,-45} FAILED {problem.Message}");
            held = false;
        }
    }

    return (proven, held);
}
