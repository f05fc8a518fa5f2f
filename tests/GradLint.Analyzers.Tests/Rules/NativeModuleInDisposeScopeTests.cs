using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class NativeModuleInDisposeScopeTests
{
    private static string Tagger(string constructor) => $$"""
        class Tagger : Module<Tensor, Tensor>
        {
            private LSTM lstm = null!;
            public Tagger() : base("Tagger") { {{constructor}} }
            public override Tensor forward(Tensor x) => lstm.call(x).Item1;
        }
        """;

    private const string Attention = """
        class Attention : Module<Tensor, Tensor>
        {
            private readonly MultiheadAttention attention = MultiheadAttention(8, 2);
            public Attention() : base("Attention") => RegisterComponents();
            public override Tensor forward(Tensor x) => attention.call(x, x, x, null, false, null).Item1;
        }
        """;

    [Fact]
    public Task FieldAssignedUnderAUsingDeclaration_Triggers() => Verify.DiagnosticsAsync(Tagger(
        "using var scope = NewDisposeScope(); lstm = {|GL6007:LSTM(4, 8)|}; RegisterComponents();"));

    [Fact]
    public Task FieldAssignedInAUsingBlock_Triggers() => Verify.DiagnosticsAsync(Tagger(
        "using (torch.NewDisposeScope()) { if (lstm is null) lstm = {|GL6007:LSTM(4, 8)|}; } RegisterComponents();"));

    [Fact]
    public Task OuterLocal_Triggers() => Verify.DiagnosticsAsync(Attention, """
        static class Training
        {
            public static void Run()
            {
                Attention model;
                using (var scope = torch.NewDisposeScope())
                {
                    model = {|GL6007:new Attention()|};
                }

                var optimizer = optim.Adam(model.parameters());
            }
        }
        """);

    [Fact]
    public Task Returned_Triggers() => Verify.DiagnosticsAsync("""
        static class Models
        {
            public static Module<Tensor, Tensor> Build()
            {
                using var scope = torch.NewDisposeScope();
                return {|GL6007:Embedding(100, 8)|};
            }
        }
        """);

    [Fact]
    public Task ReturnedThroughALocal_Triggers() => Verify.DiagnosticsAsync(Attention, """
        static class Models
        {
            public static Module<Tensor, Tensor> Build()
            {
                using var scope = torch.NewDisposeScope();
                var model = {|GL6007:new Attention()|};
                model.eval();
                return model;
            }
        }
        """);

    [Fact]
    public Task FieldOfATrainer_Triggers() => Verify.DiagnosticsAsync(Attention, """
        class Trainer
        {
            private Attention? model;

            public void Start()
            {
                using (torch.NewDisposeScope())
                    model = {|GL6007:new Attention()|};
            }
        }
        """);

    [Fact]
    public Task WholeProgramInAScope_DoesNotTrigger() => Verify.DiagnosticsAsync(Attention, """
        static class Training
        {
            public static void Run()
            {
                using var scope = torch.NewDisposeScope();
                var model = new Attention();
                var optimizer = optim.Adam(model.parameters());
                for (var i = 0; i < 10; i++)
                    model.call(torch.randn(4, 2, 8)).sum().backward();
            }
        }
        """);

    [Fact]
    public Task ScopeOfEachStep_DoesNotTrigger() => Verify.DiagnosticsAsync(Attention, """
        static class Training
        {
            public static Module<Tensor, Tensor> Run()
            {
                var model = new Attention();
                for (var i = 0; i < 10; i++)
                {
                    using var scope = torch.NewDisposeScope();
                    model.call(torch.randn(4, 2, 8)).sum().backward();
                }

                return model;
            }
        }
        """);

    [Fact]
    public Task ManagedLayer_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        static class Models
        {
            public static Module<Tensor, Tensor> Build()
            {
                using var scope = torch.NewDisposeScope();
                return Sequential(Linear(8, 8), ReLU());
            }
        }
        """);

    [Fact]
    public Task TakenOutOfTheScope_DoesNotTrigger() => Verify.DiagnosticsAsync(Attention, """
        static class Models
        {
            public static Module<Tensor, Tensor> Build()
            {
                using var scope = torch.NewDisposeScope();
                var model = new Attention();
                foreach (var parameter in model.parameters())
                    parameter.MoveToOuterDisposeScope();
                return model;
            }
        }
        """);

    [Fact]
    public Task MadeBeforeTheScope_DoesNotTrigger() => Verify.DiagnosticsAsync(Tagger(
        "lstm = LSTM(4, 8); using var scope = NewDisposeScope(); init.ones_(torch.empty(3)); RegisterComponents();"));

    [Fact]
    public Task MadeInALambda_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        static class Models
        {
            public static Func<Module<Tensor, Tensor>> Factory()
            {
                using var scope = torch.NewDisposeScope();
                Func<Module<Tensor, Tensor>> make = () => Embedding(100, 8);
                return make;
            }
        }
        """);

    /// <summary>The scope takes the weights along: there are none to train, where the other model's move.</summary>
    [Theory]
    [InlineData("Embedding embedding; using (var scope = NewDisposeScope()) { embedding = Embedding(3, 2); }", false)]
    [InlineData("var embedding = Embedding(3, 2); using (var scope = NewDisposeScope()) { }", true)]
    public void ScopeAroundTheConstruction_DecidesWhetherTheWeightsMove(string construction, bool moves) => Assert.Equal(moves ? -0.5 : 0, RunningProgram.Evaluate($$"""
        public static class Program
        {
            public static double Run()
            {
                {{construction}}
                try
                {
                    var before = embedding.weight!.detach().clone();
                    var optimizer = optim.SGD(embedding.parameters(), 0.1);
                    for (var i = 0; i < 5; i++)
                    {
                        optimizer.zero_grad();
                        embedding.call(zeros(1, int64)).sum().backward();
                        optimizer.step();
                    }

                    return (embedding.weight!.detach() - before)[0, 0].item<float>();
                }
                catch (Exception)
                {
                    return 0;
                }
            }
        }
        """), 4);

    [Fact]
    public Task MadeByAMethodCalledInTheScope_Triggers() => Verify.DiagnosticsAsync(
        """
        class Training
        {
            private Module<Tensor, Tensor> model = null!;

            public void Setup()
            {
                using var scope = torch.NewDisposeScope();
                model = {|GL6007:Models.Embedding(rand(4, 8))|};
            }
        }
        """,
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Embedding(Tensor like) => nn.Embedding(100, like.shape[1]);
        }
        """);

    [Theory]
    [InlineData("Linear(4, 8)")]
    [InlineData("Cache ??= nn.Embedding(100, 8)")]
    [InlineData("width > 0 ? nn.Embedding(100, width) : Linear(4, 8)")]
    public Task MethodCalledInTheScopeThatMayReturnOthers_DoesNotTrigger(string made) => Verify.DiagnosticsAsync(
        """
        class Training
        {
            private Module<Tensor, Tensor> model = null!;

            public void Setup()
            {
                using var scope = torch.NewDisposeScope();
                model = Models.Make(8);
            }
        }
        """,
        $$"""
        static class Models
        {
            private static Module<Tensor, Tensor>? Cache;
            public static Module<Tensor, Tensor> Make(int width) => {{made}};
        }
        """);
}
