using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>What is handed to code of another assembly may come back with other weights, but GradLint's own measurements leave them alone.</summary>
public sealed class MeasuredModelTests
{
    private const string Library = """
        namespace GradLint.Runtime
        {
            public static class GradientProbe { public static void Measure(Module<Tensor, Tensor> model) { } }
        }
        namespace GradLint.Runtime.Initialization
        {
            public static class Initialize { public static void He(Module<Tensor, Tensor> model) { } }
        }
        """;

    private const string Program = """
        public class Model : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public Model() : base("model") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        public static class Training
        {
            public static void Run()
            {
                var model = new Model();
                {0}
            }
        }
        """;

    [Theory]
    [InlineData("GradLint.Runtime", "GradLint.Runtime.GradientProbe.Measure(model);", InitializerKind.DefaultFanIn)]
    [InlineData("GradLint.Runtime", "GradLint.Runtime.Initialization.Initialize.He(model);", InitializerKind.Unknown)]
    [InlineData("Elsewhere", "GradLint.Runtime.GradientProbe.Measure(model);", InitializerKind.Unknown)]
    public void Weights(string assembly, string statement, InitializerKind expected)
    {
        using var image = new MemoryStream();
        Assert.True(ModelProgram.Of(Library).Compilation.WithAssemblyName(assembly).Emit(image).Success);
        image.Position = 0;
        var program = ModelProgram.Of(Program.Replace("{0}", statement)).Compilation.AddReferences(MetadataReference.CreateFromStream(image));
        Assert.Empty(program.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        var graph = new ModelExtractor(program, KnownTypes.From(program)!).FromType(program.GetTypeByMetadataName("Model")!, default);

        Assert.Equal(expected, graph.Parameters[0].Initialization.Kind);
    }
}
