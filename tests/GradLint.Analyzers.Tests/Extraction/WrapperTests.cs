using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>GradLint.Runtime's wrapping modules, whose code a program that references the assembly does not have.</summary>
public sealed class WrapperTests
{
    private const string Options = """
        namespace GradLint.Runtime;

        internal static class Option
        {
            public static void Require(bool condition, string name, object value, string range) { }
        }
        """;

    [Theory]
    [InlineData("new Residual(Sequential(Linear(8, 8), Tanh()))")]
    [InlineData("new Residual(Linear(8, 8), scale: 0.5)")]
    [InlineData("new Residual(Linear(8, 4), Linear(8, 4))")]
    [InlineData("new ReZero(Sequential(Linear(8, 8), Tanh()))")]
    [InlineData("new Highway(8, Linear(8, 8))")]
    [InlineData("new Highway(8, new Residual(Linear(8, 8)), gateBias: -1)")]
    [InlineData("new StochasticDepth(Sequential(Linear(8, 8), Tanh()), 0.2)")]
    public void Wrapper_IsReadFromTheAssemblyAsFromItsCode(string wrapper)
    {
        var (fromCode, fromAssembly) = (Extract(wrapper, asAssembly: false), Extract(wrapper, asAssembly: true));

        Assert.Equal(GraphStatus.Known, fromAssembly.Status);
        Assert.Equal(Layers(fromCode), Layers(fromAssembly));
        Assert.Equal(fromCode.Parameters(), fromAssembly.Parameters());
        Assert.Equal(fromCode.Parameters.Select(Start), fromAssembly.Parameters.Select(Start));
    }

    /// <summary>What leaves everything as it is does not count: a scale of 1.</summary>
    private static IReadOnlyList<string> Layers(ModelGraph graph)
    {
        var numbers = new List<int>();
        var lines = new List<string>();
        foreach (var node in graph.Nodes)
        {
            if (node.Kind == LayerKind.Scale && node.Arguments.Number("factor") == 1)
            {
                numbers.Add(numbers[node.Inputs[0].Node]);
                continue;
            }

            numbers.Add(lines.Count);
            var numbered = string.Concat(new[] { "factor", "offset", "p" }.Where(name => node.Arguments.Number(name) is not null).Select(name => $" {name} {node.Arguments.Number(name):R}"));
            lines.Add($"{node.Kind}{numbered} <- {string.Join(",", node.Inputs.Select(input => numbers[input.Node]))}");
        }

        return lines;
    }

    private static (InitializerKind, double?) Start(ModelParameter parameter) => (parameter.Initialization.Kind, parameter.Initialization.Arguments.Number("val"));

    private static ModelGraph Extract(string wrapper, bool asAssembly)
    {
        string[] wrappers =
        [
            "global using GradLint.Runtime;", Options,
            .. Directory.GetFiles(Path.Combine(Repository.Root, "src", "GradLint.Runtime", "Modules"), "*.cs").Select(File.ReadAllText),
        ];
        var program = $$"""
            using GradLint.Runtime.Modules;

            public class Model : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> body = {{wrapper}};
                public Model() : base("model") => RegisterComponents();
                public override Tensor forward(Tensor x) => body.call(x);
            }
            """;
        var compilation = ModelProgram.Of(asAssembly ? [program] : [program, .. wrappers]).Compilation;
        if (asAssembly)
            compilation = compilation.AddReferences(Library(wrappers));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return new ModelExtractor(compilation, KnownTypes.From(compilation)!).FromType(compilation.GetTypeByMetadataName("Model")!, default);
    }

    private static MetadataReference Library(string[] sources)
    {
        using var image = new MemoryStream();
        var result = ModelProgram.Of(sources).Compilation.WithAssemblyName("GradLint.Runtime").Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        image.Position = 0;
        return MetadataReference.CreateFromStream(image);
    }
}
