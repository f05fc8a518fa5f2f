using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers.Tests.Framework;

/// <summary>In an IDE and in <c>dotnet format</c>, a referenced project is not an assembly but another compilation, with sources of its own.</summary>
public class ProjectReferenceTests
{
    private const string Library = """
        using TorchSharp;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        public class Block : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> fc = Linear(64, 64);
            public Block() : base("Block") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x).sigmoid();
            public static Module<Tensor, Tensor> Make() => new Block();
        }
        """;

    private const string Program = """
        var model = Sequential(Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));

        class User : Module<Tensor, Tensor>
        {
            private readonly List<Module<Tensor, Tensor>> layers = new() { new Block(), Block.Make() };
            private readonly Module<Tensor, Tensor> body = Sequential(Linear(64, 64), new Block(), Block.Make());
            public User() : base("User") => RegisterComponents();
            public override Tensor forward(Tensor x) => body.call(layers[0].call(x));
        }
        """;

    private const string Net = """

        public class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> body = Sequential(
                new Block(), new Block(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """;

    [Fact]
    public async Task ReferencedProject_IsNoTrap()
    {
        var library = AllAnalyzers.Compile([AllAnalyzers.Parse(Library, "Block.cs")]);
        var program = AllAnalyzers.Compile([AllAnalyzers.Parse(Program), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")])
            .AddReferences(library.ToMetadataReference());
        Assert.Empty(program.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        var diagnostics = await program.WithAnalyzers(AllAnalyzers.Instances).GetAnalyzerDiagnosticsAsync();
        Assert.Equal(["GL1001"], diagnostics.Select(diagnostic => diagnostic.Id));
    }

    /// <summary>As in this repository's samples, whose TorchSharp is a project where no feed serves the package.</summary>
    [Fact]
    public async Task TorchSharpAsAProject_IsNoTrap()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "build", "standins", "TorchSharp"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));
        var torchSharp = CSharpCompilation.Create(
            "TorchSharp", sources.Select(path => AllAnalyzers.Parse(File.ReadAllText(path), path)), TorchSharpProgram.RunningFramework, TorchSharpProgram.CompilationOptions);
        var program = AllAnalyzers
            .Compile([AllAnalyzers.Parse(Library + Net, "Program.cs"), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")], referencesTorchSharp: false)
            .AddReferences(torchSharp.ToMetadataReference());

        var diagnostics = await program.WithAnalyzers(AllAnalyzers.Instances).GetAnalyzerDiagnosticsAsync();
        Assert.Equal(["GL1001"], diagnostics.Select(diagnostic => diagnostic.Id));
    }
}
