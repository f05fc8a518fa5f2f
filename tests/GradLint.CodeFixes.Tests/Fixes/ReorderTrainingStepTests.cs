using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.ReorderTrainingStep>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class ReorderTrainingStepTests
{
    [Fact]
    public Task Clearing_MovesBeforeTheBackward() => Verify.BestAsync(
        Loop("""
            loss.backward(); // Backward.
            {|GL5002:optimizer.zero_grad()|}; // Clear.
            optimizer.step();
        """),
        Loop("""
            optimizer.zero_grad(); // Clear.
            loss.backward(); // Backward.
            optimizer.step();
        """));

    [Fact]
    public Task Step_MovesAfterTheBackward() => Verify.BestAsync(
        Loop("""
            optimizer.zero_grad();
            {|GL5002:optimizer.step()|};
            loss.backward();
        """),
        Loop("""
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        """));

    [Fact]
    public Task Schedule_MovesAfterTheBatches() => Verify.BestAsync(
        """
        class Training
        {
            public void Run(torch.nn.Module<torch.Tensor, torch.Tensor> model, IReadOnlyList<torch.Tensor> batches)
            {
                var optimizer = torch.optim.SGD(model.parameters(), 0.1);
                var schedule = torch.optim.lr_scheduler.StepLR(optimizer, 10);
                for (var epoch = 0; epoch < 5; epoch++)
                {
                    {|GL5002:schedule.step()|};
                    foreach (var batch in batches)
                    {
                        optimizer.zero_grad();
                        model.call(batch).sum().backward();
                        optimizer.step();
                    }
                }
            }
        }
        """,
        """
        class Training
        {
            public void Run(torch.nn.Module<torch.Tensor, torch.Tensor> model, IReadOnlyList<torch.Tensor> batches)
            {
                var optimizer = torch.optim.SGD(model.parameters(), 0.1);
                var schedule = torch.optim.lr_scheduler.StepLR(optimizer, 10);
                for (var epoch = 0; epoch < 5; epoch++)
                {
                    foreach (var batch in batches)
                    {
                        optimizer.zero_grad();
                        model.call(batch).sum().backward();
                        optimizer.step();
                    }
                    schedule.step();
                }
            }
        }
        """);

    [Fact]
    public Task ClearingInAnotherMethod_IsLeftToThePerson() => Verify.NothingAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    Learn(batch);
                    {|GL5002:optimizer.step()|};
                }
            }

            private void Learn(Tensor batch)
            {
                model.call(batch).sum().backward();
                optimizer.zero_grad();
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
