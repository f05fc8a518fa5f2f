using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL5004 where the statement and the training that it stops stand in several methods, types and files.</summary>
public class BareNoGradAcrossTypesTests
{
    [Fact]
    public Task EvaluationMethodOfATrainer_Triggers() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IReadOnlyList<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
                Evaluate(batches);
            }

            private float Evaluate(IEnumerable<Tensor> batches)
            {
                {|GL5004:torch.no_grad();|}
                return batches.Sum(batch => model.call(batch).sum().item<float>());
            }
        }
        """);

    [Fact]
    public Task PredictMethodOfAModel_Triggers() => Verify.DiagnosticsAsync(
        """
        var classifier = new Classifier();
        var optimizer = optim.SGD(classifier.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            classifier.call(rand(8, 4)).sum().backward();
            optimizer.step();
            Console.WriteLine(classifier.Predict(rand(1, 4)));
        }
        """,
        """
        class Classifier : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(4, 3);
            public Classifier() : base("Classifier") => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(x);

            public long Predict(Tensor x)
            {
                {|GL5004:no_grad();|}
                return call(x).argmax(1).item<long>();
            }
        }
        """);

    [Fact]
    public Task HelperForNoGradients_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        Modes.ForInference(model);
        Console.WriteLine(model.call(rand(1, 4)));
        """,
        """
        static class Modes
        {
            public static void ForInference(nn.Module model)
            {
                model.eval();
                {|GL5004:torch.inference_mode();|}
            }
        }
        """);

    [Fact]
    public Task OverrideOfAValidationHook_Triggers() => Verify.DiagnosticsAsync(
        """
        abstract class Loop(Linear model)
        {
            protected Linear Model => model;
            protected abstract void Validate();

            public void Run(IEnumerable<Tensor> batches)
            {
                var optimizer = optim.SGD(model.parameters(), 0.1);
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                    Validate();
                }
            }
        }
        """,
        """
        class Supervised(Linear model, Tensor held) : Loop(model)
        {
            protected override void Validate()
            {
                {|GL5004:torch.no_grad();|}
                Console.WriteLine(Model.call(held).mean().item<float>());
            }
        }
        """);

    [Fact]
    public Task TargetNetworkOfAnAgent_Triggers() => Verify.DiagnosticsAsync("""
        class Agent
        {
            private readonly Linear policy = Linear(4, 2), target = Linear(4, 2);
            private readonly optim.Optimizer optimizer;

            public Agent() => optimizer = optim.Adam(policy.parameters());

            public void Learn(Tensor state, Tensor reward, Tensor next)
            {
                var wanted = reward + 0.99 * BestValue(next);
                optimizer.zero_grad();
                functional.smooth_l1_loss(policy.call(state).max(1).values, wanted).backward();
                optimizer.step();
            }

            private Tensor BestValue(Tensor next)
            {
                {|GL5004:no_grad();|}
                return target.call(next).max(1).values;
            }
        }
        """);

    [Fact]
    public Task LocalFunction_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            optimizer.zero_grad();
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
            Report();
        }

        void Report()
        {
            {|GL5004:torch.no_grad();|}
            Console.WriteLine(model.call(rand(1, 4)));
        }
        """);

    [Fact]
    public Task ScopeOfAnEvaluationMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model)
        {
            public void Fit(IReadOnlyList<Tensor> batches)
            {
                foreach (var batch in batches)
                    model.call(batch).sum().backward();
                Evaluate(batches);
            }

            private float Evaluate(IEnumerable<Tensor> batches)
            {
                using (torch.no_grad())
                    return batches.Sum(batch => model.call(batch).sum().item<float>());
            }
        }
        """);

    [Fact]
    public Task ScopeGivenToTheCaller_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        using (Modes.Inference(model))
            Console.WriteLine(model.call(rand(1, 4)));
        """,
        """
        static class Modes
        {
            public static IDisposable Inference(nn.Module model)
            {
                model.eval();
                return torch.no_grad();
            }
        }
        """);

    [Fact]
    public Task ScopeKeptInAField_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        using (new EvaluationScope(model))
            Console.WriteLine(model.call(rand(1, 4)));
        """,
        """
        sealed class EvaluationScope : IDisposable
        {
            private readonly nn.Module model;
            private readonly IDisposable gradients;

            public EvaluationScope(nn.Module model)
            {
                (this.model, gradients) = (model, torch.no_grad());
                model.eval();
            }

            public void Dispose()
            {
                gradients.Dispose();
                model.train();
            }
        }
        """);

    [Fact]
    public Task ScopeHandedOn_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Evaluation(Linear model)
        {
            public void Run(Tensor x)
            {
                Within(torch.no_grad(), () => Console.WriteLine(model.call(x)));
                Within(torch.inference_mode(), () => Console.WriteLine(model.call(x)));
            }

            private static void Within(IDisposable scope, Action action)
            {
                using (scope)
                    action();
            }
        }
        """);

    [Fact]
    public Task WeightsCopiedInAScope_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var (policy, target) = (Linear(4, 2), Linear(4, 2));
        policy.CopyTo(target, 0.005);
        """,
        """
        static class ModuleExtensions
        {
            public static void CopyTo(this nn.Module source, nn.Module target, double share)
            {
                using var _ = torch.no_grad();
                foreach (var (from, to) in source.parameters().Zip(target.parameters()))
                    to.Blend(from, share);
            }

            private static void Blend(this Tensor to, Tensor from, double share) => to.mul_(1 - share).add_(from * share);
        }
        """);

    [Fact]
    public Task GuardOfTheTestsOwnMode_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Inference : IDisposable
        {
            private IDisposable? mode;

            public void Begin() => mode ??= torch.no_grad();

            public void Dispose() => mode?.Dispose();

            public Tensor Run(Linear model, Tensor x)
            {
                Begin();
                return model.call(x);
            }
        }
        """);
}
