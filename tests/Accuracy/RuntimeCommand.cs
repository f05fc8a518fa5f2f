using System.CommandLine;
using GradLint.Runtime.Tests.Programs;

namespace GradLint.Accuracy;

/// <summary>Runs the monitor on programs with a planted fault and on healthy ones, and prints what it said of them by rule.</summary>
internal static class RuntimeCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How often each program is run.", DefaultValueFactory = _ => 3 };
        seeds.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<int>() < 1)
                parsed.AddError("--seeds must be at least 1.");
        });
        var command = new Command("runtime", "Runs the monitor on programs with one planted fault each, and on healthy ones.") { seeds };
        command.SetAction(parsed =>
        {
            TorchSharp.torch.set_num_threads(1);
            var table = new SuiteTable();
            RunAll(table, "planted faults", FaultPrograms.All, parsed.GetValue(seeds));
            RunAll(table, "healthy", HealthyPrograms.All, parsed.GetValue(seeds));
            Console.WriteLine(table);
            return table.MeetsBars ? 0 : 1;
        });
        return command;
    }

    private static void RunAll(SuiteTable table, string kind, IReadOnlyList<TrainingProgram> programs, int seeds)
    {
        const int Chunk = 20;
        for (var done = 0; done < programs.Count; done += Chunk)
        {
            table.Run([.. programs.Skip(done).Take(Chunk)], seeds, steps: 300);
            Console.Error.WriteLine($"{kind}: {Math.Min(done + Chunk, programs.Count)} of {programs.Count} programs");
        }
    }
}
