using System.CommandLine;
using GradLint.Accuracy;

var seed = new Option<int>("--seed") { Description = "Draws the models and their weights.", DefaultValueFactory = _ => 1 };
var count = new Option<int>("--count") { Description = "Models a family.", DefaultValueFactory = _ => 100 };
var seeds = new Option<int>("--seeds") { Description = "Weight seeds a model is measured with.", DefaultValueFactory = _ => 5 };
var family = new Option<string?>("--family") { Description = "One family instead of all." };
var verbose = new Option<bool>("--verbose") { Description = "Prints every model that misses." };
var command = new RootCommand("Predicts random models from their C# text, runs them, and compares.") { seed, count, seeds, family, verbose, RuntimeCommand.Create() };
command.Validators.Add(parsed =>
{
    if (parsed.GetValue(count) < 1 || parsed.GetValue(seeds) < 1)
        parsed.AddError("--count and --seeds must be at least 1.");
    if (parsed.GetValue(family) is { } name && !ModelGenerator.Families.ContainsKey(name))
        parsed.AddError($"There is no family '{name}'; there are {string.Join(", ", ModelGenerator.Families.Keys)}.");
});
command.SetAction(parsed =>
{
    TorchSharp.torch.set_num_threads(1);
    var names = parsed.GetValue(family) is { } only ? [only] : ModelGenerator.Families.Keys.ToArray();
    var results = names.Select(name => FamilyResult.Run(name, parsed.GetValue(seed), parsed.GetValue(count), parsed.GetValue(seeds))).ToArray();
    return AccuracyReport.Print(results, parsed.GetValue(verbose)) ? 0 : 1;
});
return command.Parse(args).Invoke();
