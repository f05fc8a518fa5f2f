using System.CommandLine;
using BenchmarkDotNet.Running;
using GradLint.Benchmarks.Runtime;

// What the monitor costs a training step: variants must alternate, which BenchmarkDotNet does not do.
if (args is ["runtime", ..])
    return new RootCommand { StepTimes.Create() }.Parse(args).Invoke();

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
