using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class LossGraphKeptAliveTests
{
    [Fact]
    public Task SumOfLosses_Triggers() => Verify.DiagnosticsAsync(Loop("{|GL5005:total += loss|};", "Console.WriteLine(total.item<float>());"));

    [Fact]
    public Task ScaledLosses_Triggers() => Verify.DiagnosticsAsync(Loop("{|GL5005:total += loss / 8|};", "Console.WriteLine((total / 10).item<float>());"));

    [Fact]
    public Task NeverRead_Triggers() => Verify.DiagnosticsAsync(Loop("{|GL5005:total += loss|};", ""));

    [Fact]
    public Task Interpolated_Triggers() => Verify.DiagnosticsAsync(Loop("{|GL5005:total += loss|};", "Console.WriteLine($\"{total / 10}\");"));

    [Fact]
    public Task BackwardInAHelper_Triggers() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public float Epoch(IEnumerable<Tensor> batches)
            {
                var total = zeros(1);
                foreach (var batch in batches)
                {
                    var loss = model.call(batch).sum();
                    Update(loss);
                    {|GL5005:total += loss|};
                }
                return total.item<float>();
            }

            private void Update(Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task LossOfAnotherType_Triggers() => Verify.DiagnosticsAsync(
        """
        var trainer = new Trainer();
        var sum = zeros(1);
        for (var i = 0; i < 10; i++)
        {
            var loss = trainer.Loss(rand(8, 4));
            trainer.Learn(loss);
            {|GL5005:sum += loss|};
        }
        Console.WriteLine(sum.ToString());
        """,
        """
        class Trainer
        {
            private readonly Linear model = Linear(4, 2);
            public Tensor Loss(Tensor x) => model.call(x).sum();
            public void Learn(Tensor loss) => loss.backward();
        }
        """);

    [Theory]
    [InlineData("total = total + loss")]
    [InlineData("total = loss / 8 + total")]
    public Task SumWrittenOut_Triggers(string sum) => Verify.DiagnosticsAsync(Loop($"{{|GL5005:{sum}|}};", "Console.WriteLine(total.item<float>());"));

    [Fact]
    public Task SumInAField_Triggers() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);
            private Tensor epochLoss = zeros(1);
            private int batches;

            public void Step(IEnumerable<Tensor> data)
            {
                epochLoss = zeros(1);
                foreach (var batch in data)
                {
                    optimizer.zero_grad();
                    var loss = model.call(batch).sum();
                    loss.backward();
                    optimizer.step();
                    {|GL5005:epochLoss += loss|};
                    batches++;
                }
            }

            public float Mean() => epochLoss.item<float>() / batches;
        }
        """);

    [Fact]
    public Task ListOfLosses_Triggers() => Verify.DiagnosticsAsync(Loop(
        "{|GL5005:losses.Add(loss)|};",
        "Console.WriteLine(losses.Average(item => item.item<float>()) + losses.Count);",
        "var losses = new List<Tensor>();"));

    [Theory]
    [InlineData("losses.Add(loss.detach());", "Console.WriteLine(losses.Count);")]
    [InlineData("losses.Add(loss);", "torch.stack(losses).sum().backward();")]
    [InlineData("losses.Add(loss);", "foreach (var item in losses) item.backward();")]
    [InlineData("losses.Add(loss);", "Report(losses); void Report(List<Tensor> all) => all[0].backward();")]
    public Task ListDetachedOrHandedOn_DoesNotTrigger(string add, string end) => Verify.DiagnosticsAsync(Loop(add, end, "var losses = new List<Tensor>();"));

    [Fact]
    public Task FieldThatOthersRead_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            private Tensor total = zeros(1);

            public void Step(IEnumerable<Tensor> data)
            {
                foreach (var batch in data)
                {
                    var loss = model.call(batch).sum();
                    loss.backward(retain_graph: true);
                    total += loss;
                }
            }

            public void Learn() => total.backward();
        }
        """);

    [Fact]
    public Task Number_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("total += loss.item<float>();", "Console.WriteLine(total.item<float>());"));

    [Fact]
    public Task Detached_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("total += loss.detach();", "Console.WriteLine(total.item<float>());"));

    [Fact]
    public Task SumSentToBackward_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("total += loss;", "total.backward();"));

    [Fact]
    public Task MeanSentToBackward_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("total += loss;", "var mean = total / 10; mean.backward();"));

    [Fact]
    public Task SumHandedOn_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("total += loss;", "Learn(total);") + "\nvoid Learn(Tensor sum) => sum.backward();");

    [Fact]
    public Task LossNotSentToBackward_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var total = zeros(1);
        for (var i = 0; i < 10; i++)
        {
            var loss = model.call(rand(8, 4)).sum();
            total += loss;
        }
        Console.WriteLine(total.item<float>());
        """);

    [Fact]
    public Task SumWithinOneTurn_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("var both = zeros(1); both += loss; Console.WriteLine(both.item<float>());", ""));

    [Fact]
    public Task SumReturned_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            public Tensor Epoch(IEnumerable<Tensor> batches)
            {
                var total = zeros(1);
                foreach (var batch in batches)
                {
                    var loss = model.call(batch).sum();
                    loss.backward();
                    total += loss;
                }
                return total;
            }
        }
        """);

    private static string Loop(string sum, string end, string before = "") => $$"""
        {{before}}
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var total = zeros(1);
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            var loss = model.call(rand(8, 4)).sum();
            loss.backward();
            optimizer.step();
            {{sum}}
        }
        {{end}}
        """;
}
