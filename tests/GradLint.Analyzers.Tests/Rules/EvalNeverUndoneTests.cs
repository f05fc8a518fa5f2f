using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class EvalNeverUndoneTests
{
    [Fact]
    public Task EvalAtTheEndOfTheEpoch_Triggers() => Verify.DiagnosticsAsync(Loop("", "{|GL5006:model.eval()|};"));

    [Fact]
    public Task TrainFalse_Triggers() => Verify.DiagnosticsAsync(Loop("", "{|GL5006:model.train(false)|};"));

    [Fact]
    public Task Conditional_Triggers() => Verify.DiagnosticsAsync(Loop("", "if (epoch % 5 == 0) {|GL5006:model.eval()|};"));

    [Fact]
    public Task TrainBeforeTheLoopOnly_Triggers() => Verify.DiagnosticsAsync(Loop("", "{|GL5006:model.eval()|};").Replace("for (", "model.train();\nfor ("));

    [Fact]
    public Task InAnEvaluationMethod_Triggers() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Run(IReadOnlyList<Tensor> batches)
            {
                for (var epoch = 0; epoch < 5; epoch++)
                {
                    foreach (var batch in batches)
                    {
                        optimizer.zero_grad();
                        model.call(batch).sum().backward();
                        optimizer.step();
                    }
                    Evaluate(batches[0]);
                }
            }

            private float Evaluate(Tensor batch)
            {
                {|GL5006:model.eval()|};
                using var _ = no_grad();
                return model.call(batch).mean().item<float>();
            }
        }
        """);

    [Fact]
    public Task InAnotherType_Triggers() => Verify.DiagnosticsAsync(
        Loop("", "Evaluation.Of(model, rand(8, 4));"),
        """
        static class Evaluation
        {
            public static float Of(Module<Tensor, Tensor> network, Tensor batch)
            {
                {|GL5006:network.eval()|};
                return network.call(batch).mean().item<float>();
            }
        }
        """);

    [Fact]
    public Task TrainAtTheStart_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("model.train();", "model.eval();"));

    [Fact]
    public Task TrainAfterwards_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("", "model.eval(); model.call(rand(8, 4)); model.train();"));

    [Fact]
    public Task RestoredByTheEvaluation_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("", "Evaluation.Of(model, rand(8, 4));"),
        """
        static class Evaluation
        {
            public static float Of(Module<Tensor, Tensor> network, Tensor batch)
            {
                var training = network.training;
                network.eval();
                var result = network.call(batch).mean().item<float>();
                network.train(training);
                return result;
            }
        }
        """);

    [Fact]
    public Task TrainInAHelper_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("Begin();", "model.eval();") + "\nvoid Begin() => model.train();");

    [Fact]
    public Task EvalAfterTheLoop_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("", "") + "\nmodel.eval();");

    [Fact]
    public Task LoopIsLeft_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("", "if (epoch > 3) { model.eval(); break; }"));

    [Fact]
    public Task OtherModel_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Distillation(Module<Tensor, Tensor> student)
        {
            private readonly Linear teacher = Linear(4, 1);
            private readonly optim.Optimizer optimizer = optim.SGD(student.parameters(), 0.1);

            public void Run(IReadOnlyList<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    teacher.eval();
                    optimizer.zero_grad();
                    (student.call(batch) - teacher.call(batch).detach()).abs().mean().backward();
                    optimizer.step();
                }
            }
        }
        """);

    private static string Loop(string start, string end) => $$"""
        var model = Sequential(Linear(4, 8), Dropout(0.5), Linear(8, 1));
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var epoch = 0; epoch < 10; epoch++)
        {
            {{start}}
            optimizer.zero_grad();
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
            {{end}}
        }
        """;

    [Fact]
    public Task ValidationOfATrainerBase_Triggers() => Verify.DiagnosticsAsync(
        """
        abstract class TrainerBase(Linear model)
        {
            protected Linear Model { get; } = model;
            private readonly optim.Optimizer optimizer = optim.Adam(model.parameters());
            protected abstract void Validate(int epoch);

            public void Fit(IReadOnlyList<Tensor> batches)
            {
                for (var epoch = 0; epoch < 10; epoch++)
                {
                    foreach (var batch in batches)
                    {
                        optimizer.zero_grad();
                        Model.call(batch).sum().backward();
                        optimizer.step();
                    }
                    Validate(epoch);
                }
            }
        }
        """,
        """
        class Trainer(Linear model, Tensor held) : TrainerBase(model)
        {
            protected override void Validate(int epoch)
            {
                {|GL5006:Model.eval()|};
                Console.WriteLine($"{epoch}: {Model.call(held).mean().item<float>()}");
            }
        }
        """,
        """
        static class Program
        {
            public static void Main() => new Trainer(Linear(4, 1), rand(8, 4)).Fit(new[] { rand(8, 4) });
        }
        """);

    [Fact]
    public Task ExtensionThatPredicts_Triggers() => Verify.DiagnosticsAsync(
        Loop("", "Console.WriteLine(model.Predict(rand(1, 4)));"),
        """
        static class ModelExtensions
        {
            public static float Predict(this Module<Tensor, Tensor> model, Tensor x)
            {
                {|GL5006:model.eval()|};
                using (no_grad())
                    return model.call(x).item<float>();
            }
        }
        """);

    [Fact]
    public Task ScopeThatGoesBack_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("", "using (new Evaluation(model)) { Console.WriteLine(model.call(rand(1, 4)).item<float>()); }"),
        """
        sealed class Evaluation : IDisposable
        {
            private readonly nn.Module model;

            public Evaluation(nn.Module model)
            {
                this.model = model;
                model.eval();
            }

            public void Dispose() => model.train();
        }
        """);
}
