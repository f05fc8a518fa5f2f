using BenchmarkDotNet.Attributes;
using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Benchmarks;

/// <summary>
/// What reading one model costs by its number of layers, on a warm process whose code is bound; and, to compare with, what
/// binding that code costs. Allocation is linear in the layers. From about 1,000 layers on a model outlives the collector's
/// first generation while it is read, and a profile shows most of the time in the collector.
/// </summary>
[MemoryDiagnoser]
public class ExtractionBenchmark
{
    // Another budget than the default one, so that nothing is kept between two readings; time plays no part.
    private static readonly ExtractionBudget Budget = ExtractionBudget.Default with { Time = TimeSpan.FromMinutes(5) };

    private CSharpCompilation _compilation = null!;
    private INamedTypeSymbol _model = null!;

    [Params(10, 100, 1_000, 10_000)]
    public int Layers { get; set; }

    /// <summary>Whether the layers are made in a loop or written one by one.</summary>
    [Params(true, false)]
    public bool InALoop { get; set; }

    [GlobalSetup]
    public void Bind()
    {
        _compilation = Compile();
        _model = _compilation.GetTypeByMetadataName("Model")!;
        var graph = Read();
        if (graph.Status != GraphStatus.Known || graph.Parameters.Count != 2 * Layers)
            throw new InvalidOperationException($"The model was not read: {graph.Reasons.FirstOrDefault()?.Text}");
    }

    [Benchmark]
    public ModelGraph Read() => new ModelExtractor(_compilation, KnownTypes.From(_compilation)!, Budget).FromType(_model, default);

    [Benchmark(Baseline = true)]
    public int BindAlone()
    {
        var compilation = Compile();
        var tree = compilation.SyntaxTrees[0];
        var model = compilation.GetSemanticModel(tree);
        return tree.GetRoot().DescendantNodes().OfType<BaseMethodDeclarationSyntax>().Count(method => model.GetOperation(method) is not null);
    }

    private CSharpCompilation Compile()
    {
        var construction = InALoop
            ? $"for (var i = 0; i < {Layers}; i++) {{ layers.Add(Linear(8, 8)); layers.Add(ReLU()); }}"
            : string.Join(Environment.NewLine, Enumerable.Repeat("layers.Add(Linear(8, 8)); layers.Add(ReLU());", Layers));
        return CSharpCompilation.Create(
            "Model",
            [CSharpSyntaxTree.ParseText($$"""
                using System.Collections.Generic;
                using TorchSharp.Modules;
                using static TorchSharp.torch;
                using static TorchSharp.torch.nn;

                public class Model : Module<Tensor, Tensor>
                {
                    private readonly Sequential net;
                    public Model() : base(nameof(Model))
                    {
                        var layers = new List<Module<Tensor, Tensor>>();
                        {{construction}}
                        net = Sequential(layers);
                        RegisterComponents();
                    }
                    public override Tensor forward(Tensor x) => net.call(x);
                }
                """)],
            References.All,
            new(OutputKind.DynamicallyLinkedLibrary));
    }
}
