using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class SaturatingResidualStreamTests
{
    [Fact]
    public Task TanhOfTheSum_Triggers() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => torch.tanh(x + fc.call(x));
        }

        class {|GL1005:Net|} : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(new Block(), new Block(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """);

    [Fact]
    public Task TanhInTheBranch_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => x + torch.tanh(fc.call(x));
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(new Block(), new Block(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """);

    [Fact]
    public Task ReLUOfTheSum_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => functional.relu(x + fc.call(x));
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(new Block(), new Block(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """);

    [Fact]
    public Task SumOfTwoProjections_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear left = Linear(64, 64), right = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(torch.tanh(left.call(x) + right.call(x)));
        }
        """);

    [Theory]
    [InlineData("torch.tanh(x + fc.call(x))"), InlineData("torch.sigmoid(fc.call(x) + x)"), InlineData("functional.softsign(x.add(fc.call(x)))")]
    [InlineData("(x + functional.relu(fc.call(x))).tanh()")]
    public Task FormsOfTheSum_Trigger(string result) => Verify.DiagnosticsAsync(Blocks(result, triggers: true));

    [Fact]
    public Task StreamInOneMethod_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first = Linear(64, 64), second = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var y = {|GL1005:torch.tanh(x + first.call(x))|};
                return head.call(y + second.call(y));
            }
        }
        """);

    [Theory]
    [InlineData("x + torch.tanh(fc.call(x))"), InlineData("functional.gelu(x + fc.call(x))"), InlineData("torch.tanh(fc.call(x))"), InlineData("x * torch.sigmoid(x + fc.call(x))")]
    public Task OtherForms_DoNotTrigger(string result) => Verify.DiagnosticsAsync(Blocks(result, triggers: false));

    /// <summary>The last activation of a network is its output, not its stream.</summary>
    [Fact]
    public Task OutputOfTheModel_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => torch.tanh(x + fc.call(x));
        }
        """);

    [Fact]
    public Task GateUsedTwice_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear gate = Linear(64, 64), other = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var z = torch.sigmoid(x + gate.call(x));
                return head.call((1 - z) * x + z * functional.relu(other.call(x)));
            }
        }
        """);

    /// <summary>The projected input enters the same cell at every step; what the cell keeps is the state.</summary>
    [Fact]
    public Task CellWrittenOutOverItsSteps_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear input = Linear(64, 64), recurrent = Linear(64, 64), head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var p = input.call(x);
                var h = torch.tanh(p);
                for (var i = 0; i < 3; i++)
                    h = torch.tanh(p + recurrent.call(h));
                return head.call(h);
            }
        }
        """);

    private static string Blocks(string result, bool triggers) => $$"""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => {{result}};
        }

        class {{(triggers ? "{|GL1005:Net|}" : "Net")}} : Module<Tensor, Tensor>
        {
            private readonly Sequential blocks = Sequential(new Block(), new Block(), ReLU(), Linear(64, 10));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """;
}
