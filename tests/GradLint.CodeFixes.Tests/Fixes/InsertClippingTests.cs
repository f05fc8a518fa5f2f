using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.InsertClipping>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class InsertClippingTests
{
    [Fact]
    public Task Loop_ClipsBeforeTheStep() => Verify.BestAsync(
        Loop("""
            {|GL3001:optimizer.step()|}; // Step.
        """),
        Loop("""
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step(); // Step.
        """));

    [Fact]
    public Task ClipNormOfTheSettings_IsClippedAt() => Verify.BestWithConfigAsync(
        "gradlint.clip_norm = 0.25",
        Loop("""
            {|GL3001:optimizer.step()|};
        """),
        Loop("""
            nn.utils.clip_grad_norm_(model.parameters(), 0.25);
            optimizer.step();
        """));

    [Fact]
    public Task ConditionalStep_ClipsInItsBlock() => Verify.BestAsync(
        Loop("""
            if (i % 2 == 1)
            {
                {|GL3001:optimizer.step()|};
            }
        """),
        Loop("""
            if (i % 2 == 1)
            {
                nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                optimizer.step();
            }
        """));

    [Fact]
    public Task OwnUsings_QualifyTheName() => Verify.BestWithOwnUsingsAsync(
        """
        using System.Collections.Generic;
        using TorchSharp;

        class Training
        {
            private readonly TorchSharp.Modules.GRU model = torch.nn.GRU(8, 16);
            private readonly torch.optim.Optimizer optimizer;

            public Training() => optimizer = torch.optim.Adam(model.parameters());

            public void Run(IEnumerable<torch.Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch, null).Item1.sum().backward();
                    {|GL3001:optimizer.step()|};
                }
            }
        }
        """,
        """
        using System.Collections.Generic;
        using TorchSharp;

        class Training
        {
            private readonly TorchSharp.Modules.GRU model = torch.nn.GRU(8, 16);
            private readonly torch.optim.Optimizer optimizer;

            public Training() => optimizer = torch.optim.Adam(model.parameters());

            public void Run(IEnumerable<torch.Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch, null).Item1.sum().backward();
                    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task ModelOutOfReach_IsLeftToThePerson() => Verify.NothingAsync("""
        var model = LSTM(8, 16);
        var updater = new Updater(optim.Adam(model.parameters()));
        for (var i = 0; i < 10; i++)
            updater.Apply(model.call(rand(20, 4, 8), null).Item1.sum());

        class Updater
        {
            private readonly optim.Optimizer inner;
            public Updater(optim.Optimizer inner) => this.inner = inner;
            public void Apply(Tensor loss)
            {
                inner.zero_grad();
                loss.backward();
                {|GL3001:inner.step()|};
            }
        }
        """);

    private static string Loop(string step) => $$"""
        var model = LSTM(8, 16);
        var optimizer = optim.Adam(model.parameters());
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            model.call(rand(20, 4, 8), null).Item1.sum().backward();
        {{step}}
        }
        """;
}
