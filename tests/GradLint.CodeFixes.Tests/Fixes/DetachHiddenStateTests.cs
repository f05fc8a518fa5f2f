using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.DetachHiddenState>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class DetachHiddenStateTests
{
    [Fact]
    public Task LstmState_IsDetachedAfterTheStep() => Verify.BestAsync(
        Loop("var (h, c) = (zeros(1, 4, 16), zeros(1, 4, 16));", "(var output, h, c) = {|GL3005:model.call(rand(20, 4, 8), (h, c))|};", ""),
        Loop("var (h, c) = (zeros(1, 4, 16), zeros(1, 4, 16));", "(var output, h, c) = model.call(rand(20, 4, 8), (h, c));", """

                h = h.detach();
                c = c.detach();
            """));

    private static string Loop(string state, string forward, string end) => $$"""
        var model = LSTM(8, 16);
        var optimizer = optim.Adam(model.parameters());
        {{state}}
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            {{forward}}
            output.mean().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step(); // Step.{{end}}
        }
        """;

    [Fact]
    public Task Field_IsDetachedAtTheEndOfTheMethod() => Verify.BestAsync(
        Trainer("{|GL3005:rnn.call(batch, hidden)|}", ""),
        Trainer("rnn.call(batch, hidden)", "hidden = hidden.detach();"));

    private static string Trainer(string call, string detach) => $$"""
        var trainer = new Trainer();
        for (var i = 0; i < 10; i++)
            trainer.Step(rand(5, 3, 4));

        class Trainer
        {
            private readonly GRU rnn = GRU(4, 8);
            private readonly optim.Optimizer optimizer;
            private Tensor hidden = zeros(1, 3, 8);

            public Trainer() => optimizer = optim.Adam(rnn.parameters(), 1e-3);

            public float Step(Tensor batch)
            {
                optimizer.zero_grad();
                (var output, hidden) = {{call}}; // State of the last batch.
                output.sum().backward();
                nn.utils.clip_grad_norm_(rnn.parameters(), 1.0);
                optimizer.step();{{(detach.Length > 0 ? "\n        " + detach : "")}}
                return output.mean().item<float>();
            }
        }
        """;

    [Fact]
    public Task StatesOfTheModel_AreDetachedWhereForwardKeepsThem() => Verify.BestAsync(
        Model("{|GL3005:lstm.call(x, (h, c))|}", ""),
        Model("lstm.call(x, (h, c))", """

                h = h.detach();
                c = c.detach();
        """));

    [Fact]
    public Task StateKeptInAStatementOfItsOwn_IsDetachedAfterIt() => Verify.BestAsync(
        OneState("var (output, next) = {|GL3005:gru.call(x, state)|};\n        state = next;"),
        OneState("var (output, next) = gru.call(x, state);\n        state = next;\n        state = state.detach();"));

    private const string Training = """
        var model = new Reader();
        var optimizer = optim.SGD(model.parameters(), 0.1);
        foreach (var batch in new[] { rand(5, 3, 4), rand(5, 3, 4) })
        {
            optimizer.zero_grad();
            model.call(batch).sum().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }

        """;

    private static string Model(string call, string detach) => Training + $$"""
        class Reader : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = LSTM(4, 8);
            private Tensor h = zeros(1, 3, 8), c = zeros(1, 3, 8);

            public Reader() : base("Reader") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                (var output, h, c) = {{call}}; // The states go on.{{detach}}
                return output[-1];
            }
        }
        """;

    private static string OneState(string run) => Training + $$"""
        class Reader : Module<Tensor, Tensor>
        {
            private readonly GRU gru = GRU(4, 8);
            private Tensor? state;

            public Reader() : base("Reader") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                {{run}}
                return output[-1];
            }
        }
        """;
}
