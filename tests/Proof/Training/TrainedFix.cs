namespace GradLint.Proof.Training;

/// <summary>A faulty model and its best fix, both trained alike.</summary>
/// <param name="Task">What they are trained on.</param>
/// <param name="Model">The faulty one in a few words.</param>
/// <param name="RuleId">What finds the fault.</param>
/// <param name="Fix">Title of the fix.</param>
/// <param name="Before">Result of the faulty model.</param>
/// <param name="After">Of the mended one.</param>
internal sealed record TrainedFix(string Task, string Model, string RuleId, string Fix, string Before, string After);

/// <summary>A task that models are trained on.</summary>
internal interface ITrainingTask
{
    /// <summary>What is trained, on what data, how long.</summary>
    string Description { get; }

    /// <summary>The faulty models.</summary>
    IReadOnlyList<ProofCase> Models { get; }

    /// <summary>Trains a model and says how well it does on data it has not seen.</summary>
    string Train(RunningModel model);
}

internal static class TrainingComparison
{
    public static async Task<IReadOnlyList<TrainedFix>> RunAsync(ITrainingTask task)
    {
        var trained = new List<TrainedFix>();
        foreach (var model in task.Models)
        {
            var faulty = ModelProgram.Of(model);
            var finding = (await faulty.FindingsAsync(model.RuleId)).FirstOrDefault() ?? throw new ProofException($"{model.Name}: the rule does not find the fault.");
            var best = (await faulty.FixesAsync(finding)).FirstOrDefault() ?? throw new ProofException($"{model.Name}: no fix is on offer.");
            var mended = await Proof.MendAsync(model, faulty, best.EquivalenceKey!);
            trained.Add(new(task.Description, model.Form, model.RuleId, best.Title, await TrainAsync(task, model, faulty), await TrainAsync(task, model, mended)));
            Console.WriteLine($"{task.Description}: {trained[^1].Model}: {trained[^1].Before} → {trained[^1].After} ({best.Title})");
        }

        return trained;
    }

    private static async Task<string> TrainAsync(ITrainingTask task, ProofCase model, ModelProgram program)
    {
        using var running = await program.RunAsync(model);
        return task.Train(running);
    }
}
