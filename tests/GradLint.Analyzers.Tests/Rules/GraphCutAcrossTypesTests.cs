using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL5003 where the cut and the backward stand in several methods, types and files.</summary>
public class GraphCutAcrossTypesTests
{
    private const string Regression = """
        class Regression : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(4, 8), head = Linear(8, 1);
            public Regression() : base("Regression") => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(hidden.call(x).relu());
        }
        """;

    [Fact]
    public Task LossMethodThatDetaches_Triggers() => Verify.DiagnosticsAsync(
        """
        class Trainer(Regression model)
        {
            private readonly optim.Optimizer optimizer = optim.Adam(model.parameters());

            public void Fit(IEnumerable<(Tensor X, Tensor Y)> batches)
            {
                foreach (var (x, y) in batches)
                {
                    optimizer.zero_grad();
                    var loss = Loss(x, y);
                    {|GL5003:loss.backward()|};
                    optimizer.step();
                }
            }

            private Tensor Loss(Tensor x, Tensor y)
            {
                var predicted = model.call(x).detach();
                return functional.mse_loss(predicted, y);
            }
        }
        """,
        Regression);

    [Fact]
    public Task LossOfALossClass_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = new Regression();
        var criterion = new RelativeError();
        var optimizer = optim.Adam(model.parameters());
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            var loss = criterion.Of(model.call(rand(8, 4)), rand(8, 1));
            {|GL5003:loss.backward()|};
            optimizer.step();
        }
        """,
        Regression,
        """
        class RelativeError
        {
            public Tensor Of(Tensor predicted, Tensor wanted)
            {
                var error = ((predicted - wanted) / wanted).abs().mean();
                return tensor(error.item<float>());
            }
        }
        """);

    [Fact]
    public Task ExtensionThatDetaches_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = new Regression();
        var optimizer = optim.SGD(model.parameters(), 0.1);
        foreach (var batch in new[] { rand(8, 4) })
        {
            optimizer.zero_grad();
            var loss = model.call(batch).MeanSquare();
            {|GL5003:loss.backward()|};
            optimizer.step();
        }
        """,
        Regression,
        """
        static class TensorExtensions
        {
            public static Tensor MeanSquare(this Tensor values) => values.detach().pow(2).mean();
        }
        """);

    [Fact]
    public Task LocalFunctionWithoutGradients_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = new Regression();
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            var loss = Loss(rand(8, 4));
            loss.backward();
            optimizer.step();
        }

        Tensor Loss(Tensor x)
        {
            using ({|GL5003:no_grad()|})
            {
                return model.call(x).mean();
            }
        }
        """,
        Regression);

    [Fact]
    public Task TargetOfAMethod_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Agent(Regression policy, Regression target)
        {
            private readonly optim.Optimizer optimizer = optim.Adam(policy.parameters());

            public void Learn(IEnumerable<(Tensor State, Tensor Reward, Tensor Next)> batches)
            {
                foreach (var (state, reward, next) in batches)
                {
                    optimizer.zero_grad();
                    functional.smooth_l1_loss(policy.call(state), reward + 0.99 * Value(next)).backward();
                    optimizer.step();
                }
            }

            private Tensor Value(Tensor next)
            {
                using var _ = no_grad();
                return target.call(next);
            }
        }
        """,
        Regression);

    [Fact]
    public Task OneTermDetachedByAMethod_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Trainer(Regression model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Step(Tensor x, Tensor y)
            {
                optimizer.zero_grad();
                (Fit(x, y) + Consistency(x)).backward();
                optimizer.step();
            }

            private Tensor Fit(Tensor x, Tensor y) => functional.mse_loss(model.call(x), y);

            private Tensor Consistency(Tensor x) => functional.mse_loss(model.call(x), model.call(x + 0.01 * randn_like(x)).detach());
        }
        """,
        Regression);

    [Fact]
    public Task AdvantageOfAnActorCritic_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class ActorCritic
        {
            private readonly Linear actor = Linear(4, 2);
            private readonly Regression critic = new();
            private readonly optim.Optimizer optimizer;

            public ActorCritic() => optimizer = optim.Adam(actor.parameters().Concat(critic.parameters()));

            public void Learn(Tensor states, Tensor actions, Tensor returns)
            {
                var values = critic.call(states);
                optimizer.zero_grad();
                (PolicyLoss(states, actions, returns - values) + (returns - values).pow(2).mean()).backward();
                optimizer.step();
            }

            private Tensor PolicyLoss(Tensor states, Tensor actions, Tensor advantages) =>
                -(functional.log_softmax(actor.call(states), 1).gather(1, actions) * advantages.detach()).mean();
        }
        """,
        Regression);

    [Fact]
    public Task GeneratorUnderTheCriticsUpdate_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Gan(Linear generator, Regression critic)
        {
            private readonly optim.Optimizer ofGenerator = optim.Adam(generator.parameters()), ofCritic = optim.Adam(critic.parameters());

            public void Learn(IEnumerable<Tensor> real)
            {
                foreach (var batch in real)
                {
                    UpdateCritic(batch, Fake(batch.shape[0]).detach());
                    UpdateGenerator(Fake(batch.shape[0]));
                }
            }

            private Tensor Fake(long count) => generator.call(randn(count, 4));

            private void UpdateCritic(Tensor real, Tensor fake)
            {
                ofCritic.zero_grad();
                (critic.call(fake).mean() - critic.call(real).mean()).backward();
                ofCritic.step();
            }

            private void UpdateGenerator(Tensor fake)
            {
                ofGenerator.zero_grad();
                (-critic.call(fake).mean()).backward();
                ofGenerator.step();
            }
        }
        """,
        Regression);

    [Fact]
    public Task NumberForTheProgress_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        using System.Threading.Tasks;

        class Trainer(Regression model, IProgress<float> progress)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public async Task FitAsync(IAsyncEnumerable<Tensor> batches)
            {
                await foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    using var loss = model.call(batch).pow(2).mean();
                    loss.backward();
                    Report(loss);
                    optimizer.step();
                }
            }

            private void Report(Tensor loss) => progress.Report(loss.detach().item<float>());
        }
        """,
        Regression);
}
