using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>Changes of the source that do not change what it means do not change the graph.</summary>
public class MetamorphicTests
{
    private const string Source = """
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<nn.Module<Tensor, Tensor>> blocks = new ModuleList<nn.Module<Tensor, Tensor>>();
            private readonly Linear head;

            public Model(int width = 8) : base("m")
            {
                int size = width / 2;
                for (int i = 0; i < 3; i++)
                {
                    Linear layer = Linear(4, 4, hasBias: i > 0);
                    init.kaiming_normal_(layer.weight, 0.1);
                    blocks.Add(Sequential(("fc", layer), ("act", LeakyReLU(0.1))));
                }
                head = Linear(size, 2);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (nn.Module<Tensor, Tensor> block in blocks)
                    x = x + block.call(x);
                return functional.softmax(head.call(x), 1);
            }
        }
        """;

    private static readonly string Expected = Describe(Source);

    [Theory]
    [InlineData("renamed local", "Linear layer = ", "Linear dense = ", "layer.weight", "dense.weight", "(\"fc\", layer)", "(\"fc\", dense)")]
    [InlineData("renamed parameter", "width", "hidden")]
    [InlineData("var", "int size = ", "var size = ", "Linear layer = ", "var layer = ", "foreach (nn.Module<Tensor, Tensor> block", "foreach (var block", "for (int i", "for (var i")]
    [InlineData("extracted local", "x = x + block.call(x);", "{ var branch = block.call(x); var sum = x + branch; x = sum; }")]
    [InlineData("inlined local", "int size = width / 2;", "", "Linear(size, 2)", "Linear(width / 2, 2)")]
    [InlineData("named arguments", "Linear(4, 4, hasBias: i > 0)", "Linear(inputSize: 4, outputSize: 4, hasBias: i > 0)", "init.kaiming_normal_(layer.weight, 0.1)", "init.kaiming_normal_(tensor: layer.weight, a: 0.1)")]
    [InlineData("reordered arguments", "Linear(4, 4, hasBias: i > 0)", "Linear(hasBias: i > 0, outputSize: 4, inputSize: 4)", "functional.softmax(head.call(x), 1)", "functional.softmax(dim: 1, input: head.call(x))")]
    [InlineData("qualified names", "init.kaiming_normal_", "TorchSharp.torch.nn.init.kaiming_normal_", "functional.softmax", "TorchSharp.torch.nn.functional.softmax", "= Linear(", "= TorchSharp.torch.nn.Linear(")]
    [InlineData("alias", "functional.softmax", "F.softmax")]
    [InlineData("trivia", "{", "{ // comment\n", ";", " /* ; */ ;\n\n")]
    [InlineData("call and forward", "block.call(x)", "block.forward(x)", "head.call(x)", "head.forward(x)")]
    [InlineData("this", "blocks.Add", "this.blocks.Add", "head = ", "this.head = ", "in blocks)", "in this.blocks)")]
    [InlineData("expression body", "foreach (nn.Module<Tensor, Tensor> block in blocks)\n            x = x + block.call(x);\n        return functional.softmax(head.call(x), 1);", "return Body(x); Tensor Body(Tensor y) { foreach (var b in blocks) y = y + b.call(y); return functional.softmax(head.call(y), 1); }")]
    [InlineData("for instead of foreach", "foreach (nn.Module<Tensor, Tensor> block in blocks)\n            x = x + block.call(x);", "for (var k = 0; k != blocks.Count; k += 1) x += blocks[k].call(x);")]
    [InlineData("while instead of for", "for (int i = 0; i < 3; i++)\n        {", "int i = -1; while (++i < 3)\n        {")]
    [InlineData("target-typed new", "= new ModuleList<nn.Module<Tensor, Tensor>>()", "= new()")]
    [InlineData("parentheses and casts", "(4, 4, hasBias: i > 0)", "((int)(2 + 2L), (4), hasBias: !(i <= 0))", "x + block.call(x)", "(Tensor)((x) + (block.call((x))))")]
    [InlineData("constant", "for (int i = 0; i < 3", "const int depth = 1 + 2; for (int i = 0; i < depth")]
    [InlineData("order of operands kept by commuted scalars", "LeakyReLU(0.1)", "LeakyReLU(1.0 / 10)")]
    public void MeaningPreservingChange(string change, params string[] replacements)
    {
        var source = Source.ReplaceLineEndings("\n");
        for (var index = 0; index < replacements.Length; index += 2)
        {
            Assert.True(source.Contains(replacements[index]), $"{change}: '{replacements[index]}' is not in the source.");
            source = source.Replace(replacements[index], replacements[index + 1]);
        }
        Assert.Equal(Expected, Describe(source));
    }

    [Theory]
    [InlineData("i < 3", "i < 4")]
    [InlineData("hasBias: i > 0", "hasBias: i > 1")]
    [InlineData("LeakyReLU(0.1)", "LeakyReLU(0.2)")]
    [InlineData("x + block.call(x)", "block.call(x)")]
    [InlineData("kaiming_normal_", "kaiming_uniform_")]
    [InlineData("width / 2", "width / 4")]
    public void ChangeOfMeaningShows(string before, string after) => Assert.NotEqual(Expected, Describe(Source.Replace(before, after)));

    private static string Describe(string source)
    {
        var program = ModelProgram.Of(source);
        program.AssertCompiles();
        var graph = program.Extract();
        Assert.Equal(GraphStatus.Known, graph.Status);
        return graph.Describe();
    }
}
