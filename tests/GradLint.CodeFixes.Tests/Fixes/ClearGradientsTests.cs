using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.ClearGradients>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class ClearGradientsTests
{
    [Fact]
    public Task Loop_ClearsAtItsStart() => Verify.BestAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        foreach (var x in new[] { rand(8, 4) })
        {
            // Forward.
            var loss = model.call(x).sum();
            loss.backward(); // Backward.
            {|GL5001:optimizer.step()|};
        }
        """,
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        foreach (var x in new[] { rand(8, 4) })
        {
            optimizer.zero_grad();
            // Forward.
            var loss = model.call(x).sum();
            loss.backward(); // Backward.
            optimizer.step();
        }
        """);

    [Fact]
    public Task ConditionalStep_ClearsAfterIt() => Verify.BestAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            model.call(rand(8, 4)).sum().backward();
            if (i % 2 == 1)
            {
                {|GL5001:optimizer.step()|};
            }
        }
        """,
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            model.call(rand(8, 4)).sum().backward();
            if (i % 2 == 1)
            {
                optimizer.step();
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task StepInAHelper_ClearsAfterIt() => Verify.BestAsync(
        """
        class Training(TorchSharp.Modules.Linear model)
        {
            private readonly torch.optim.Optimizer optimizer = torch.optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<torch.Tensor> batches)
            {
                foreach (var batch in batches)
                    Update(model.call(batch).mean());
            }

            private void Update(torch.Tensor loss)
            {
                loss.backward();
                {|GL5001:this.optimizer.step()|};
            }
        }
        """,
        """
        class Training(TorchSharp.Modules.Linear model)
        {
            private readonly torch.optim.Optimizer optimizer = torch.optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<torch.Tensor> batches)
            {
                foreach (var batch in batches)
                    Update(model.call(batch).mean());
            }

            private void Update(torch.Tensor loss)
            {
                loss.backward();
                this.optimizer.step();
                this.optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task TwoOptimizers_AreClearedEach() => Verify.BestAsync(
        """
        var a = Linear(4, 4);
        var b = Linear(4, 1);
        var first = optim.Adam(a.parameters());
        var second = optim.Adam(b.parameters());
        for (var i = 0; i < 10; i++)
        {
            b.call(a.call(rand(8, 4))).mean().backward();
            {|GL5001:first.step()|};
            {|GL5001:second.step()|};
        }
        """,
        """
        var a = Linear(4, 4);
        var b = Linear(4, 1);
        var first = optim.Adam(a.parameters());
        var second = optim.Adam(b.parameters());
        for (var i = 0; i < 10; i++)
        {
            first.zero_grad();
            second.zero_grad();
            b.call(a.call(rand(8, 4))).mean().backward();
            first.step();
            second.step();
        }
        """);
}
