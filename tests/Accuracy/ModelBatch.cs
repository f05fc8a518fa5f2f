using System.Reflection;
using System.Runtime.Loader;
using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static TorchSharp.torch;

namespace GradLint.Accuracy;

/// <summary>Generated models compiled together: read by the extractor, and run.</summary>
internal sealed class ModelBatch
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;

        """;

    private readonly CSharpCompilation _compilation;
    private readonly ModelExtractor _extractor;
    private readonly Assembly _assembly;

    public ModelBatch(IEnumerable<ModelSource> sources)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(TorchSharp.torch).Assembly.Location).DistinctBy(Path.GetFileName).Select(path => MetadataReference.CreateFromFile(path));
        var trees = sources.Select(s => CSharpSyntaxTree.ParseText(s.Text, path: s.TypeName + ".cs")).Append(CSharpSyntaxTree.ParseText(Usings, path: "Usings.cs"));
        _compilation = CSharpCompilation.Create("Models" + Guid.NewGuid().ToString("N"), trees, references, new(OutputKind.DynamicallyLinkedLibrary));
        _extractor = new(_compilation, KnownTypes.From(_compilation) ?? throw new InvalidOperationException("TorchSharp is not referenced."));
        using var image = new MemoryStream();
        var result = _compilation.Emit(image);
        if (!result.Success)
            throw new InvalidOperationException($"a generated model does not compile: {result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
        image.Position = 0;
        _assembly = AssemblyLoadContext.Default.LoadFromStream(image);
    }

    /// <summary>The model as the analyzers see it.</summary>
    public ModelGraph Extract(string typeName) => _extractor.FromType(_compilation.GetTypeByMetadataName(typeName)!, default);

    public nn.Module<Tensor, Tensor> Construct(string typeName) =>
        (nn.Module<Tensor, Tensor>)Activator.CreateInstance(_assembly.GetType(typeName)!)!;
}
