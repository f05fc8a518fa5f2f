using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL3005 where the model keeps its state in a field of its own.</summary>
public class HiddenStateNotDetachedInModelTests
{
    private static string Model(string forward, string members = "private Tensor? state;") => $$"""
        class Reader : Module<Tensor, Tensor>
        {
            private readonly GRU gru = GRU(4, 8);
            private readonly Linear head = Linear(8, 2);
            {{members}}

            public Reader() : base("Reader") => RegisterComponents();

            public void Reset() => state = null;

            public override Tensor forward(Tensor x)
            {
                {{forward}}
            }
        }
        """;

    private const string Trainer = """
        class Trainer
        {
            private readonly Reader model = new();
            private readonly optim.Optimizer optimizer;

            public Trainer() => optimizer = optim.Adam(model.parameters());

            public void Fit(IReadOnlyList<Tensor> batches)
            {
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    //epoch
                    foreach (var batch in batches)
                    {
                        //batch
                        optimizer.zero_grad();
                        model.call(batch).mean().backward();
                        nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                        optimizer.step();
                    }
                }
            }
        }
        """;

    private const string Carried = "(var output, state) = {|GL3005:gru.call(x, state)|}; return head.call(output[-1]);";
    private static readonly string Carrying = Carried.Replace("{|GL3005:", "").Replace("|}", "");

    [Fact]
    public Task StateOfTheModel_Triggers() => Verify.DiagnosticsAsync(Model(Carried), Trainer);

    [Fact]
    public Task Message_SaysWhereToDetach() => Verify.MessageAsync(
        Model("(var output, state) = {|#0:gru.call(x, state)|}; return head.call(output[-1]);") + "\n" + Trainer,
        "GL3005",
        "'state' goes into the next batch with the graph of this one, through which the next backward then runs, and fails: detach it where it is kept");

    [Theory]
    [InlineData("var (output, next) = {|GL3005:gru.call(x, state)|}; state = next; return head.call(output[-1]);")]
    [InlineData("var result = {|GL3005:gru.call(x, state)|}; state = result.Item2; return head.call(result.Item1[-1]);")]
    [InlineData("state ??= zeros(1, x.shape[1], 8); (var output, state) = {|GL3005:gru.call(x, state)|}; return head.call(output[-1]);")]
    [InlineData("if (state is null || state.shape[1] != x.shape[1]) state = zeros(1, x.shape[1], 8); (var output, state) = {|GL3005:gru.call(x, state)|}; return head.call(output[-1]);")]
    [InlineData("var before = state ?? zeros(1, x.shape[1], 8); (var output, state) = {|GL3005:gru.call(x, before)|}; return head.call(output[-1]);")]
    public Task StateThroughLocalsOrWithAFirstValue_Triggers(string forward) => Verify.DiagnosticsAsync(Model(forward), Trainer);

    [Fact]
    public Task BothStatesOfAnLstm_Trigger() => Verify.DiagnosticsAsync(
        Model("(var output, h, c) = {|GL3005:lstm.call(x, (h, c))|}; return head.call(output[-1]);", "private readonly LSTM lstm = LSTM(4, 8); private Tensor h = zeros(1, 3, 8), c = zeros(1, 3, 8); private Tensor? state;"),
        Trainer);

    [Fact]
    public Task ElmanNetworkByHand_Triggers() => Verify.DiagnosticsAsync(
        Model("state = (input.call(x) + {|GL3005:recurrent.call(state)|}).tanh(); return head.call(state);", "private readonly Linear input = Linear(4, 8), recurrent = Linear(8, 8); private Tensor state = zeros(3, 8);").Replace("state = null", "state = zeros(3, 8)"),
        Trainer);

    [Fact]
    public Task ResetOnceAnEpoch_Triggers() => Verify.DiagnosticsAsync(Model(Carried), Trainer.Replace("//epoch", "model.Reset();"));

    [Fact]
    public Task PartOfTheModel_Triggers() => Verify.DiagnosticsAsync(
        Model(Carried),
        Trainer.Replace("Reader model", "Tagger model"),
        """
        class Tagger : Module<Tensor, Tensor>
        {
            private readonly Reader reader = new();
            private readonly Linear tags = Linear(2, 5);
            public Tagger() : base("Tagger") => RegisterComponents();
            public override Tensor forward(Tensor x) => tags.call(reader.call(x));
        }
        """);

    [Fact]
    public Task HelperThatTakesAnyModule_Triggers() => Verify.DiagnosticsAsync(
        Model(Carried),
        """
        var model = new Reader();
        var optimizer = optim.SGD(model.parameters(), 0.1);
        foreach (var batch in new[] { rand(5, 3, 4), rand(5, 3, 4) })
            Training.Step(model, optimizer, batch);
        """,
        """
        static class Training
        {
            public static void Step(Module<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor batch)
            {
                optimizer.zero_grad();
                model.forward(batch).sum().backward();
                nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task ResetBeforeEachBatch_DoesNotTrigger() => Verify.DiagnosticsAsync(Model(Carrying), Trainer.Replace("//batch", "model.Reset();"));

    [Fact]
    public Task ResetByAHelperOfTheTurn_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Model(Carrying),
        Trainer.Replace("//batch", "Begin(model);").Replace("public void Fit", "private static void Begin(Reader reader)\n{\nreader.train();\nreader.Reset();\n}\npublic void Fit"));

    [Theory]
    [InlineData("(var output, state) = gru.call(x, state); state = state.detach(); return head.call(output[-1]);")]
    [InlineData("(var output, state) = gru.call(x, state?.detach()); return head.call(output[-1]);")]
    [InlineData("(var output, var next) = gru.call(x, state); state = next.detach(); return head.call(output[-1]);")]
    [InlineData("state = null; (var output, state) = gru.call(x, state); return head.call(output[-1]);")]
    [InlineData("state = zeros(1, x.shape[1], 8); (var output, state) = gru.call(x, state); return head.call(output[-1]);")]
    public Task DetachedOrMadeAnewByForward_DoesNotTrigger(string forward) => Verify.DiagnosticsAsync(Model(forward), Trainer);

    [Fact]
    public Task DetachedByAMethodOfTheModel_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Model(Carrying).Replace("public void Reset()", "public void Truncate() => state = state?.detach();\n\npublic void Reset()"),
        Trainer.Replace("//batch", "model.Truncate();"));

    [Fact]
    public Task OutputsThatAreNotStates_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Model("(var output, _) = gru.call(x); state = output; return head.call(output[-1]);"), Trainer);

    [Fact]
    public Task OneBackwardAfterAllSteps_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Model(Carrying),
        """
        var model = new Reader();
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var episode = 0; episode < 10; episode++)
        {
            model.Reset();
            var loss = zeros(1);
            for (var t = 0; t < 20; t++)
                loss = loss + model.call(rand(1, 3, 4)).sum();
            optimizer.zero_grad();
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
        """);

    [Fact]
    public Task Generation_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Model(Carrying),
        """
        var model = new Reader();
        model.load("reader.dat");
        for (var i = 0; i < 100; i++)
            Console.WriteLine(Next(rand(1, 1, 4)));

        long Next(Tensor x) => model.call(x).argmax().item<long>();
        """);

    [Fact]
    public Task ActingBetweenUpdatesWithoutGradients_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Model(Carrying),
        """
        class Agent(Reader policy)
        {
            private readonly optim.Optimizer optimizer = optim.Adam(policy.parameters());

            public void Run(Func<Tensor, Tensor> environment, Tensor observation)
            {
                while (true)
                {
                    observation = environment(Act(observation));
                    optimizer.zero_grad();
                    policy.call(observation).sum().backward();
                    nn.utils.clip_grad_norm_(policy.parameters(), 1.0);
                    optimizer.step();
                }
            }

            private Tensor Act(Tensor observation)
            {
                using var _ = no_grad();
                return policy.call(observation);
            }
        }
        """);

    [Fact]
    public Task ModelMadeInEachTurn_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Model(Carrying),
        """
        for (var seed = 0; seed < 5; seed++)
        {
            var model = new Reader();
            var optimizer = optim.SGD(model.parameters(), 0.1);
            model.call(rand(5, 3, 4)).sum().backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
        """);

    /// <summary>Carried, the second backward meets the graph that the first has freed; detached, it runs.</summary>
    [Theory]
    [InlineData("", 1)]
    [InlineData("state = state.detach();", 3)]
    public void TwoBatches_DecideWhetherTrainingRuns(string detach, int steps) => Assert.Equal(steps, RunningProgram.Evaluate(
        Model($"(var output, state) = gru.call(x, state); {detach} return head.call(output[-1]);") + """

        public static class Program
        {
            public static double Run()
            {
                var model = new Reader();
                var optimizer = optim.SGD(model.parameters(), 0.1);
                var steps = 0;
                try
                {
                    for (; steps < 3; steps++)
                    {
                        optimizer.zero_grad();
                        model.call(rand(5, 3, 4)).sum().backward();
                        optimizer.step();
                    }
                }
                catch (System.Runtime.InteropServices.ExternalException)
                {
                }

                return steps;
            }
        }
        """));
}
