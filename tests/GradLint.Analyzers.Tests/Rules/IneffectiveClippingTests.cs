using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class IneffectiveClippingTests
{
    private const string Clip = "nn.utils.clip_grad_norm_(model.parameters(), 1.0)";

    [Fact]
    public Task BeforeTheBackward_Triggers() => Verify.DiagnosticsAsync(Loop($$"""
            optimizer.zero_grad();
            {|GL3002:{{Clip}}|};
            loss.backward();
            optimizer.step();
        """));

    [Fact]
    public Task AfterTheStep_Triggers() => Verify.DiagnosticsAsync(Loop($$"""
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            {|GL3002:{{Clip}}|};
        """));

    [Theory]
    [InlineData("0")]
    [InlineData("-1.0")]
    [InlineData("double.NaN")]
    [InlineData("double.PositiveInfinity")]
    public Task ThresholdThatIsNone_Triggers(string threshold) => Verify.DiagnosticsAsync(Loop($$"""
            optimizer.zero_grad();
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), {|GL3002:{{threshold}}|});
            optimizer.step();
        """));

    [Fact]
    public Task ValueThresholdOfZero_Triggers() => Verify.DiagnosticsAsync(Loop("""
            optimizer.zero_grad();
            loss.backward();
            nn.utils.clip_grad_value_(model.parameters(), {|GL3002:MaxValue|});
            optimizer.step();
        """) + "\npartial class Program { private const double MaxValue = 0; }");

    [Fact]
    public Task InAHelperThatRunsTooEarly_Triggers() => Verify.DiagnosticsAsync("""
        class Training(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    Begin();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
            }

            private void Begin()
            {
                optimizer.zero_grad();
                {|GL3002:nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
            }
        }
        """);

    [Fact]
    public Task InAHelperThatRunsTooLate_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var trainer = new Trainer(model);
        for (var i = 0; i < 10; i++)
        {
            trainer.Learn(model.call(rand(8, 4)).sum());
            trainer.Clip();
        }
        """,
        """
        class Trainer
        {
            private readonly Linear model;
            private readonly optim.Optimizer optimizer;
            public Trainer(Linear model)
            {
                this.model = model;
                optimizer = optim.SGD(model.parameters(), 0.1);
            }

            public void Learn(Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }

            public void Clip() => {|GL3002:nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
        }
        """);

    [Fact]
    public Task BetweenBackwardAndStep_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop($$"""
            optimizer.zero_grad();
            loss.backward();
            {{Clip}};
            optimizer.step();
        """));

    [Fact]
    public Task NormMeasuredAfterTheStep_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop($$"""
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            var norm = {{Clip}};
            Console.WriteLine(norm);
        """));

    [Fact]
    public Task NormMeasuredAtInfinity_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            optimizer.zero_grad();
            loss.backward();
            var norm = nn.utils.clip_grad_norm_(model.parameters(), double.PositiveInfinity);
            Console.WriteLine(norm);
            optimizer.step();
        """));

    [Fact]
    public Task BeforeTheStepOfTheFormerBatch_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop($$"""
            {{Clip}};
            optimizer.step();
            optimizer.zero_grad();
            loss.backward();
        """));

    [Fact]
    public Task OtherModelClipped_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var generator = Linear(4, 4);
        var critic = Linear(4, 1);
        var forGenerator = optim.Adam(generator.parameters());
        var forCritic = optim.Adam(critic.parameters());
        for (var i = 0; i < 10; i++)
        {
            forGenerator.zero_grad();
            critic.call(generator.call(rand(8, 4))).mean().backward();
            forGenerator.step();
            nn.utils.clip_grad_norm_(critic.parameters(), 1.0);
            forCritic.step();
            forCritic.zero_grad();
        }
        """);

    [Fact]
    public Task ThresholdFromAnOption_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Training(Linear model, double clip)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    nn.utils.clip_grad_norm_(model.parameters(), clip);
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task BackwardBehindADelegate_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Training(Linear model, Action<Tensor> learn)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    learn(model.call(batch));
                    nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                    optimizer.step();
                }
            }
        }
        """);

    private static string Loop(string body) => $$"""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            var loss = model.call(rand(8, 4)).sum();
        {{body}}
        }
        """;
}
