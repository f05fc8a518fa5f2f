using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.MoveOutOfDisposeScope>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MoveOutOfDisposeScopeTests
{
    [Fact]
    public Task UsingDeclaration_LayerComesFirst() => Verify.BestAsync(
        """
        class Tagger : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm;

            public Tagger() : base("Tagger")
            {
                using var scope = NewDisposeScope();
                var noise = torch.randn(4);
                lstm = {|GL6007:LSTM(4, 8)|}; // one layer
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => lstm.call(x).Item1;
        }
        """,
        """
        class Tagger : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm;

            public Tagger() : base("Tagger")
            {
                lstm = LSTM(4, 8); // one layer
                using var scope = NewDisposeScope();
                var noise = torch.randn(4);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => lstm.call(x).Item1;
        }
        """);

    [Fact]
    public Task LayerThatNeedsALocalOfTheScope_IsLeftAlone() => Verify.NothingAsync("""
        class Tagger : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm;

            public Tagger() : base("Tagger")
            {
                using var scope = NewDisposeScope();
                var width = 8;
                lstm = {|GL6007:LSTM(4, width)|};
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => lstm.call(x).Item1;
        }
        """);
}
