using BenchmarkDotNet.Running;
using GradLint.Benchmarks.Runtime;

switch (args.FirstOrDefault())
{
    // What the monitor costs a training step: variants must alternate, which BenchmarkDotNet does not do.
    case "runtime":
        return StepTimes.Run(args.Skip(1).FirstOrDefault());

    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
