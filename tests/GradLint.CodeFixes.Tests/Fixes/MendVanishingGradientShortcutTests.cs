using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MendVanishingGradient>;

namespace GradLint.CodeFixes.Tests.Fixes;

/// <summary>Residual connections around the layers.</summary>
public class MendVanishingGradientShortcutTests
{
    [Fact]
    public Task ArgumentsOfASequential_AreWrapped() => Verify.RemedyAsync(
        "GL1001.residual",
        """
        namespace Nets;

        static class Models
        {
            public static Module<Tensor, Tensor> Mlp() => Sequential(
                Linear(32, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), // two
                Linear(64, 64),
                Sigmoid(),
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));
        }
        """,
        """
        namespace Nets;

        static class Models
        {
            public static Module<Tensor, Tensor> Mlp() => Sequential(
                Linear(32, 64), Sigmoid(), new Residual(Sequential(Linear(64, 64), Sigmoid())), // two
                new Residual(Sequential(Linear(64, 64), Sigmoid())),
                new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), Linear(64, 10));
        }

        """ + WrittenClasses.Residual);

    [Fact]
    public Task ModelsOfTwoFiles_ShareTheClassThatIsWrittenOnce() => Verify.RemedyAsync(
        "GL1001.residual",
        [
            """
            namespace Nets.One;

            static class First
            {
                public static Module<Tensor, Tensor> Create() => Sequential(
                    Linear(64, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10)); // first
            }

            """,
            """
            namespace Nets.Two
            {
                static class Second
                {
                    public static Module<Tensor, Tensor> Create() => Sequential(
                        Linear(64, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10)); // second
                }
            }

            """,
        ],
        [
            """
            namespace Nets.One;

            static class First
            {
                public static Module<Tensor, Tensor> Create() => Sequential(
                    new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), new Residual(Sequential(Linear(64, 64), Sigmoid())), Linear(64, 10)); // first
            }

            """ + WrittenClasses.Residual,
            """
            namespace Nets.Two
            {
                static class Second
                {
                    public static Module<Tensor, Tensor> Create() => Sequential(
                        new One.Residual(Sequential(Linear(64, 64), Sigmoid())), new One.Residual(Sequential(Linear(64, 64), Sigmoid())), new One.Residual(Sequential(Linear(64, 64), Sigmoid())), new One.Residual(Sequential(Linear(64, 64), Sigmoid())), Linear(64, 10)); // second
                }
            }

            """,
        ]);

    /// <summary>A block of another width would no longer fit its own input.</summary>
    [Fact]
    public Task BlockThatMayChangeTheWidth_IsNotAddedToItsInput() => Verify.NotOfferedAsync(
        "GL1001.residual",
        """
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public Block(long inputs, long outputs) : base("Block")
            {
                fc = Linear(inputs, outputs); // any width
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => torch.sigmoid(fc.call(x));
        }

        class {|GL1001:Net|} : Module<Tensor, Tensor>
        {
            private readonly Block b1 = new(32, 32), b2 = new(32, 32), b3 = new(32, 32), b4 = new(32, 32), b5 = new(32, 32);
            private readonly Linear head = Linear(32, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(b5.call(b4.call(b3.call(b2.call(b1.call(x))))));
        }
        """);

    /// <summary>The class of that name does something else: it is left alone, and another one is written.</summary>
    [Theory]
    [InlineData("RegisterComponents();", "input * scale + branch.call(input)", "Residual(Module<Tensor, Tensor> branch, double scale = 1)")]
    [InlineData("RegisterComponents();", "branch.call(input) * scale", "Residual(Module<Tensor, Tensor> branch, double scale = 1)")]
    [InlineData("", "input + branch[0].call(input) * scale", "Residual(Module<Tensor, Tensor> inner, double scale = 1)")]
    [InlineData("RegisterComponents();", "input + branch.call(input).repeat(copies)", "Residual(Module<Tensor, Tensor> branch, long copies = 1)")]
    public Task ResidualOfAnotherMeaning_IsNotUsed(string registration, string result, string constructor)
    {
        var isList = constructor.Contains("inner");
        var own = $$"""

            internal sealed class Residual : Module<Tensor, Tensor>
            {
                private readonly {{(isList ? "Module<Tensor, Tensor>[]" : "Module<Tensor, Tensor>")}} branch;
                private readonly {{(constructor.Contains("copies") ? "long copies" : "double scale")}};

                public {{constructor}} : base(nameof(Residual))
                {
                    this.branch = {{(isList ? "[inner]" : "branch")}};
                    {{(constructor.Contains("copies") ? "this.copies = copies;" : "this.scale = scale;")}}
                    {{registration}}
                }

                public override Tensor forward(Tensor input) => {{result}};
            }

            """;
        return Verify.RemedyAsync("GL1001.scaled_residual", Model("Linear(64, 64), {|GL1001:Sigmoid()|}", "Linear(64, 64), Sigmoid()") + own, Model(Wrapped, Wrapped) + own + Block);
    }

    private const string Wrapped = "new ResidualBlock(Sequential(Linear(64, 64), Sigmoid()), scale: 0.5)";

    private const string Block = """

        /// <summary>x + scale * f(x): the gradient reaches x undiminished, whatever f does to its share.</summary>
        internal sealed class ResidualBlock : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> branch;
            private readonly double scale;

            public ResidualBlock(Module<Tensor, Tensor> branch, double scale = 1) : base(nameof(ResidualBlock))
            {
                this.branch = branch;
                this.scale = scale;
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var change = branch.call(input);
                return input.add(change, scale);
            }
        }

        """;

    private static string Model(string first, string other) => $$"""
        static class Models
        {
            public static Module<Tensor, Tensor> Create() => Sequential(
                {{first}},
                {{other}}, {{other}}, {{other}}, Linear(64, 10)); // four
        }

        """;

    /// <summary>What an earlier fix wrote beside a class of another meaning is found again.</summary>
    [Fact]
    public Task BlockThatAnEarlierFixWrote_IsUsed() => Verify.RemedyAsync(
        "GL1001.scaled_residual",
        Model("Linear(64, 64), {|GL1001:Sigmoid()|}", "Linear(64, 64), Sigmoid()") + Block,
        Model(Wrapped, Wrapped) + Block);
}
