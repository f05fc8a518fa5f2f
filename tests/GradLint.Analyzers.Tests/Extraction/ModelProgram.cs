using System.Reflection;
using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>C# source of a model, to be read by the extractor and to be compiled and run.</summary>
internal sealed class ModelProgram
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        global using F = TorchSharp.torch.nn.functional;

        """;

    private static readonly MetadataReference[] References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Append(typeof(TorchSharp.torch).Assembly.Location)
        .DistinctBy(Path.GetFileName)
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    private static readonly SyntaxTree UsingsTree = Parse(Usings, "Usings.cs");

    private readonly CSharpCompilation _compilation;

    private ModelProgram(CSharpCompilation compilation) => _compilation = compilation;

    public CSharpCompilation Compilation => _compilation;

    /// <summary>One or several files.</summary>
    public static ModelProgram Of(params string[] sources) => new(CSharpCompilation.Create(
        "Model" + Guid.NewGuid().ToString("N"),
        sources.Select((source, index) => Parse(source, $"Model{index}.cs")).Append(UsingsTree),
        References,
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Disable)));

    public ModelGraph Extract(string typeName = "Model", ExtractionBudget? budget = null, CancellationToken cancellationToken = default)
    {
        var type = _compilation.GetTypeByMetadataName(typeName) ?? throw new ArgumentException($"There is no type '{typeName}'.");
        return new ModelExtractor(_compilation, KnownTypes.From(_compilation)!, budget).FromType(type, cancellationToken);
    }

    /// <summary>The graph of the first call of <c>Sequential</c> in the text.</summary>
    public ModelGraph ExtractSequential()
    {
        foreach (var tree in _compilation.SyntaxTrees)
        {
            var model = _compilation.GetSemanticModel(tree);
            foreach (var call in tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (model.GetOperation(call) is IInvocationOperation { TargetMethod.Name: "Sequential" } operation)
                    return new ModelExtractor(_compilation, KnownTypes.From(_compilation)!).FromSequential(operation, default);
            }
        }
        throw new InvalidOperationException("There is no call of Sequential.");
    }

    /// <summary>Compiles the source and constructs its <c>Model</c>.</summary>
    public RunningModel Run()
    {
        using var image = new MemoryStream();
        var result = _compilation.Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return new(Assembly.Load(image.ToArray()));
    }

    public void AssertCompiles() => Assert.Empty(_compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, new(LanguageVersion.Preview), path);
}
