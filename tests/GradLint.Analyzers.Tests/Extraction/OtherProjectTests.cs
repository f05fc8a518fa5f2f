using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>The IDE and dotnet format pass a project that is referred to as a compilation with source, the compiler as an assembly without.</summary>
public sealed class OtherProjectTests
{
    private const string Library = """
        namespace Library;

        public class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public Block() : base("block") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    private const string Program = """
        public class Model : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential(("fc1", Linear(8, 8)), ("act1", Sigmoid()), ("head", Linear(8, 2)));
            private readonly Module<Tensor, Tensor> other = {0};
            public Model() : base("model") => RegisterComponents();
            public override Tensor forward(Tensor x) => layers.call(other.call(x));
        }
        """;

    [Theory]
    [InlineData("Identity()")]
    [InlineData("new Library.Block()")]
    public void ModelsReadAlike_WhetherAProjectIsSeenWithOrWithoutItsSource(string other)
    {
        var library = ModelProgram.Of(Library).Compilation;
        using var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);
        image.Position = 0;

        var fromAssembly = Extract(other, MetadataReference.CreateFromStream(image));
        var fromProject = Extract(other, library.ToMetadataReference());

        Assert.Equal(fromAssembly.Status, fromProject.Status);
        Assert.Equal(fromAssembly.Nodes.Select(node => node.Kind), fromProject.Nodes.Select(node => node.Kind));
        Assert.Equal(fromAssembly.Parameters.Select(parameter => parameter.Path), fromProject.Parameters.Select(parameter => parameter.Path));
    }

    private static ModelGraph Extract(string other, MetadataReference library)
    {
        var program = ModelProgram.Of(Program.Replace("{0}", other)).Compilation.AddReferences(library);
        Assert.Empty(program.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return new ModelExtractor(program, KnownTypes.From(program)!).FromType(program.GetTypeByMetadataName("Model")!, default);
    }
}
