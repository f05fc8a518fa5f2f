using System.Globalization;
using BenchmarkDotNet.Running;
using GradLint.Benchmarks.Runtime;
using GradLint.Runtime.Tests.Programs;

switch (args.FirstOrDefault())
{
    // What the monitor costs a training step: variants must alternate, which BenchmarkDotNet does not do.
    case "runtime":
        return StepTimes.Run(args.Skip(1).FirstOrDefault());

    // What the monitor says of programs with a planted fault, and of healthy ones.
    case "suites":
        var seeds = int.TryParse(args.Skip(1).FirstOrDefault(), CultureInfo.InvariantCulture, out var given) ? given : 3;
        Console.WriteLine(SuiteTable.Run(FaultPrograms.All, seeds, healthySteps: 300));
        Console.WriteLine(SuiteTable.Run(HealthyPrograms.All, seeds, healthySteps: 300));
        return 0;

    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
