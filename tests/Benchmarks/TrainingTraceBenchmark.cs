using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using GradLint.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Benchmarks;

/// <summary>
/// What following the training of a whole program costs, by its number of trainers, each of three methods in a file of its
/// own that start from one place in groups of fifty; and, to compare with, what an analyzer costs that looks at every operation and does
/// nothing. Both begin with a compilation that nothing has been bound in.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class TrainingTraceBenchmark
{
    private const int TrainersOfAStart = 50;

    private SyntaxTree[] _files = null!;

    [Params(10, 100, 1_000)]
    public int Trainers { get; set; }

    [GlobalSetup]
    public void Parse()
    {
        var starts = Enumerable.Range(0, Trainers).Chunk(TrainersOfAStart)
            .Select(chunk => $"public static class Start{chunk[0]} {{ public static void Run() {{ {string.Concat(chunk.Select(i => $"new Trainer{i}().Fit(); "))} }} }}");
        _files = [.. Enumerable.Range(0, Trainers).Select(Trainer).Concat(starts).Select(text => CSharpSyntaxTree.ParseText(text))];
        var findings = Findings(new TrainingLoopAnalyzer()).GetAwaiter().GetResult();
        if (findings.Length != Trainers || findings.Any(finding => finding.Id != "GL5001"))
            throw new InvalidOperationException($"Expected one GL5001 a trainer, got {findings.Length} findings, first: {findings.FirstOrDefault()}");
    }

    [Benchmark]
    public Task<ImmutableArray<Diagnostic>> TrainingLoops() => Findings(new TrainingLoopAnalyzer());

    [Benchmark(Baseline = true)]
    public Task<ImmutableArray<Diagnostic>> NullWalker() => Findings(new Walker());

    private Task<ImmutableArray<Diagnostic>> Findings(DiagnosticAnalyzer analyzer) =>
        CSharpCompilation.Create("Program", _files, References.All, new(OutputKind.DynamicallyLinkedLibrary))
            .WithAnalyzers([analyzer], new AnalyzerOptions([]))
            .GetAnalyzerDiagnosticsAsync();

    /// <summary>Forgets to clear the gradients.</summary>
    private static string Trainer(int number) => $$"""
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        public class Trainer{{number}}
        {
            private readonly Module<Tensor, Tensor> model = Sequential(Linear(8, 8), ReLU(), Linear(8, 1));
            private readonly optim.Optimizer optimizer;

            public Trainer{{number}}() => optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit()
            {
                for (var epoch = 0; epoch < 10; epoch++)
                {
                    foreach (var batch in new[] { rand(4, 8), rand(4, 8) })
                        Update(Loss(batch));
                }
            }

            private Tensor Loss(Tensor batch) => functional.mse_loss(model.call(batch), zeros(4, 1));

            private void Update(Tensor loss)
            {
                loss.backward();
                optimizer.step();
            }
        }
        """;

#pragma warning disable RS1001, RS1036, RS2008 // It is measured here and loaded nowhere.
    private sealed class Walker : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [new("NULL", "Nothing", "Nothing", "Nothing", DiagnosticSeverity.Info, isEnabledByDefault: true)];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterOperationBlockAction(block =>
            {
                var count = block.OperationBlocks.SelectMany(operation => operation.DescendantsAndSelf()).Count();
                GC.KeepAlive(count);
            });
        }
    }
#pragma warning restore RS1001, RS1036, RS2008
}
