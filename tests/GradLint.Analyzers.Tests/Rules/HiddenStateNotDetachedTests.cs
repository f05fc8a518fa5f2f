using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class HiddenStateNotDetachedTests
{
    private const string Reader = """
        class Reader : Module<Tensor, Tensor, (Tensor, Tensor)>
        {
            private readonly GRU gru = GRU(8, 16);
            public Reader() : base("Reader") => RegisterComponents();
            public override (Tensor, Tensor) forward(Tensor x, Tensor h) => gru.call(x, h);
        }
        """;

    [Fact]
    public Task GruState_Triggers() => Verify.DiagnosticsAsync(Loop("(var output, h) = {|GL3005:model.call(x, h)|};", ""));

    [Fact]
    public Task LstmState_Triggers() => Verify.DiagnosticsAsync("""
        var model = LSTM(8, 16);
        var optimizer = optim.Adam(model.parameters());
        var (h, c) = (zeros(1, 4, 16), zeros(1, 4, 16));
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            (var output, h, c) = {|GL3005:model.call(rand(20, 4, 8), (h, c))|};
            output.mean().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
        """);

    [Fact]
    public Task OwnModel_Triggers() => Verify.DiagnosticsAsync(
        Loop("(var output, h) = {|GL3005:model.call(x, h)|};", "").Replace("GRU(8, 16)", "new Reader()"), Reader);

    [Fact]
    public Task StateStartedOncePerEpoch_Triggers() => Verify.DiagnosticsAsync(
        """
        class Training
        {
            private readonly Reader model = new();
            private readonly optim.Optimizer optimizer;

            public Training() => optimizer = optim.Adam(model.parameters());

            public void Run(IReadOnlyList<Tensor> batches)
            {
                for (var epoch = 0; epoch < 5; epoch++)
                {
                    var state = zeros(1, 4, 16);
                    foreach (var batch in batches)
                    {
                        optimizer.zero_grad();
                        (var output, state) = {|GL3005:model.call(batch, state)|};
                        Learn(output.mean());
                    }
                }
            }

            private void Learn(Tensor loss)
            {
                loss.backward();
                nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                optimizer.step();
            }
        }
        """,
        Reader);

    [Fact]
    public Task StateOfAHelper_Triggers() => Verify.DiagnosticsAsync(
        """
        class Training
        {
            private readonly Reader model = new();
            private readonly optim.Optimizer optimizer;

            public Training() => optimizer = optim.Adam(model.parameters());

            public void Run(IReadOnlyList<Tensor> batches)
            {
                var state = zeros(1, 4, 16);
                foreach (var batch in batches)
                    state = {|GL3005:TrainStep(batch, state)|};
            }

            private Tensor TrainStep(Tensor batch, Tensor state)
            {
                optimizer.zero_grad();
                var (output, next) = model.call(batch, state);
                output.mean().backward();
                nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                optimizer.step();
                return next;
            }
        }
        """,
        Reader);

    [Fact]
    public Task RetainedGraph_Triggers() => Verify.DiagnosticsAsync(Loop("(var output, h) = {|GL3005:model.call(x, h)|};", "").Replace(".backward()", ".backward(retain_graph: true)"));

    [Fact]
    public Task DetachedAfterTheStep_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("(var output, h) = model.call(x, h);", "h = h.detach();"));

    [Fact]
    public Task DetachedOnTheWayIn_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("(var output, h) = model.call(x, h.detach());", ""));

    [Fact]
    public Task DetachedInPlace_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("(var output, h) = model.call(x, h);", "h.detach_();"));

    [Fact]
    public Task RenewedInEveryTurn_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("h = zeros(1, 4, 16);\n    (var output, h) = model.call(x, h);", ""));

    [Fact]
    public Task DetachedByAHelper_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("(var output, h) = model.call(x, h);", "h = State.Repackage(h);"),
        """
        static class State
        {
            public static Tensor Repackage(Tensor state) => state.detach();
        }
        """);

    [Fact]
    public Task DetachedByTheModel_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("(var output, h) = model.call(x, h);", "").Replace("GRU(8, 16)", "new Reader()"),
        Reader.Replace("gru.call(x, h);", "gru.call(x, h.detach());"));

    [Fact]
    public Task LoopOverTimeSteps_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var cell = GRUCell(8, 16);
        var optimizer = optim.Adam(cell.parameters());
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            var h = zeros(4, 16);
            for (var t = 0; t < 20; t++)
                h = cell.call(rand(4, 8), h);
            h.mean().backward();
            nn.utils.clip_grad_norm_(cell.parameters(), 1.0);
            optimizer.step();
        }
        """);

    [Fact]
    public Task Generation_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = GRU(8, 16);
        var h = zeros(1, 4, 16);
        for (var i = 0; i < 10; i++)
        {
            (var output, h) = model.call(rand(1, 4, 8), h);
        }
        """);

    private static string Loop(string forward, string end) => $$"""
        var model = GRU(8, 16);
        var optimizer = optim.Adam(model.parameters());
        var h = zeros(1, 4, 16);
        for (var i = 0; i < 10; i++)
        {
            var x = rand(20, 4, 8);
            optimizer.zero_grad();
            {{forward}}
            output.mean().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
            {{end}}
        }
        """;

    private static string Trainer(string field, string step, string more = "") => $$"""
        class Trainer
        {
            private readonly GRU rnn = GRU(4, 8);
            private readonly Linear head = Linear(8, 2);
            private readonly optim.Optimizer optimizer;
            {{field}}

            public Trainer() => optimizer = optim.Adam(rnn.parameters().Concat(head.parameters()), 1e-3);

            public float Step(Tensor batch, Tensor target)
            {
                optimizer.zero_grad();
                {{step}}
                var loss = functional.mse_loss(head.call(output), target);
                loss.backward();
                nn.utils.clip_grad_norm_(rnn.parameters(), 1.0);
                optimizer.step();
                return loss.item<float>();
            }

            {{more}}
        }
        """;

    private const string Epochs = """
        var trainer = new Trainer();
        for (var i = 0; i < 10; i++)
            Console.WriteLine(trainer.Step(rand(5, 3, 4), rand(5, 3, 2)));
        """;

    [Fact]
    public Task FieldOfTheTrainer_Triggers() => Verify.DiagnosticsAsync(Epochs, Trainer(
        "private Tensor hidden = zeros(1, 3, 8);",
        "(var output, hidden) = {|GL3005:rnn.call(batch, hidden)|};"));

    [Fact]
    public Task FieldCarriedByALoopOfTheSameMethod_Triggers() => Verify.DiagnosticsAsync("""
        class Trainer(Module<Tensor, Tensor, (Tensor, Tensor)> rnn)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(rnn.parameters(), 0.1);
            private Tensor state = zeros(1, 3, 8);

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    (var output, state) = {|GL3005:rnn.call(batch, state)|};
                    output.sum().backward();
                    optimizer.step();
                }
            }
        }
        """);

    /// <summary>Nothing calls the method that would start anew.</summary>
    [Fact]
    public Task FieldWithAResetThatIsNeverCalled_Triggers() => Verify.DiagnosticsAsync(Epochs, Trainer(
        "private Tensor hidden = zeros(1, 3, 8);",
        "(var output, hidden) = {|GL3005:rnn.call(batch, hidden)|};",
        "public void Reset() => hidden = zeros(1, 3, 8);"));

    [Theory]
    [InlineData("(var output, hidden) = rnn.call(batch, hidden.detach());", "")]
    [InlineData("(var output, hidden) = rnn.call(batch, hidden); hidden = hidden.detach();", "")]
    [InlineData("Reset(); (var output, hidden) = rnn.call(batch, hidden);", "public void Reset() => hidden = zeros(1, 3, 8);")]
    [InlineData("var (output, next) = rnn.call(batch, hidden);", "")]
    public Task FieldThatIsRenewed_DoesNotTrigger(string step, string more) => Verify.DiagnosticsAsync(
        Epochs, Trainer("private Tensor hidden = zeros(1, 3, 8);", step, more));
}
