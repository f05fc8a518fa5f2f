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

    [Theory]
    [InlineData("optim.Optimizer optimizer", "optimizer")]
    [InlineData("GRU model, optim.Optimizer optimizer", "optimizer")]
    public Task ModelOfAnotherMethod_ClipsWhatTheOptimizerTrains(string parameters, string arguments) => Verify.BestAsync(
        Helper(parameters, parameters.StartsWith("GRU") ? $"net, {arguments}" : arguments, ""),
        Helper(parameters, parameters.StartsWith("GRU") ? $"net, {arguments}" : arguments, "nn.utils.clip_grad_norm_(optimizer.parameters(), 1.0);\n        "));

    [Fact]
    public Task ModelOutOfReach_ClipsWhatTheOptimizerTrains() => Verify.BestAsync(
        Updater("{|GL3001:inner.step()|};"),
        Updater("nn.utils.clip_grad_norm_(inner.parameters(), 1.0);\n        inner.step();"));

    [Fact]
    public Task SeveralModels_AreClippedTogether() => Verify.BestAsync(
        Pair("{|GL3001:optimizer.step()|};"),
        Pair("nn.utils.clip_grad_norm_(optimizer.parameters(), 1.0);\n    optimizer.step();"));

    [Fact]
    public Task OptimizerMadeAnewAtTheStep_IsLeftToThePerson() => Verify.NothingAsync("""
        var model = LSTM(8, 16);
        for (var i = 0; i < 10; i++)
        {
            model.zero_grad();
            model.call(rand(20, 4, 8), null).Item1.sum().backward();
            {|GL3001:Training.Optimizer(model).step()|};
        }

        static class Training
        {
            public static optim.Optimizer Optimizer(LSTM net) => optim.SGD(net.parameters(), 0.1);
        }
        """);

    private static string Helper(string parameters, string arguments, string clip) => $$"""
        static class Training
        {
            public static void Run()
            {
                var net = GRU(8, 16);
                var optimizer = optim.Adam(net.parameters());
                for (var i = 0; i < 10; i++)
                    Step({{arguments}}, net.call(rand(20, 4, 8), null).Item1.sum());
            }

            private static void Step({{parameters}}, Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
                {{clip}}{{(clip == "" ? "{|GL3001:optimizer.step()|}" : "optimizer.step()")}};
            }
        }
        """;

    private static string Updater(string step) => $$"""
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
                {{step}}
            }
        }
        """;

    private static string Pair(string step) => $$"""
        var encoder = LSTM(8, 16);
        var decoder = LSTM(16, 8);
        var optimizer = optim.Adam(encoder.parameters().Concat(decoder.parameters()));
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            decoder.call(encoder.call(rand(20, 4, 8), null).Item1, null).Item1.sum().backward();
            {{step}}
        }
        """;

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
