using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class GraphCutTests
{
    [Fact]
    public Task OutputDetached_Triggers() => Verify.DiagnosticsAsync(Loop("""
            var output = {|GL5003:model.call(x).detach()|};
            var loss = functional.mse_loss(output, y);
            loss.backward();
        """));

    [Fact]
    public Task LossDetached_Triggers() => Verify.DiagnosticsAsync(Loop("""
            var loss = functional.mse_loss(model.call(x), y);
            ({|GL5003:loss.detach()|} / 2).backward();
        """));

    [Fact]
    public Task LossModuleOnADetachedOutput_Triggers() => Verify.DiagnosticsAsync(Loop("""
            var output = model.call(x);
            criterion.call({|GL5003:output.detach()|}, y).backward();
        """));

    [Fact]
    public Task TripThroughANumber_Triggers() => Verify.DiagnosticsAsync(Loop("""
            var loss = functional.mse_loss(model.call(x), y);
            var copy = tensor({|GL5003:loss.item<float>()|});
            copy.backward();
        """));

    [Fact]
    public Task TripThroughAnArray_Triggers() => Verify.DiagnosticsAsync(Loop("""
            var numbers = {|GL5003:model.call(x).data<float>()|}.ToArray();
            var loss = functional.mse_loss(tensor(numbers), y.flatten());
            loss.backward();
        """));

    [Fact]
    public Task ForwardUnderNoGrad_Triggers() => Verify.DiagnosticsAsync(Loop("""
            Tensor output;
            using ({|GL5003:no_grad()|})
            {
                output = model.call(x);
            }
            functional.mse_loss(output, y).backward();
        """));

    [Fact]
    public Task ComparedOnly_Triggers() => Verify.DiagnosticsAsync(Loop("""
            var wrong = {|GL5003:model.call(x).argmax(1)|}.to(float32).sum();
            wrong.backward();
        """));

    [Fact]
    public Task CutInAHelper_Triggers() => Verify.DiagnosticsAsync(
        Loop("""
            var loss = functional.mse_loss(Prediction.Of(model, x), y);
            {|GL5003:loss.backward()|};
        """),
        """
        static class Prediction
        {
            public static Tensor Of(Module<Tensor, Tensor> network, Tensor x)
            {
                using var _ = no_grad();
                return network.call(x);
            }
        }
        """);

    [Fact]
    public Task BackwardInAHelper_Triggers() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                    Update(model.call(batch).detach().sum());
            }

            private void Update(Tensor loss)
            {
                optimizer.zero_grad();
                {|GL5003:loss.backward()|};
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task HelperThatDetaches_Triggers() => Verify.DiagnosticsAsync(
        Loop("    Scaled(functional.mse_loss(model.call(x), y)).backward();") + """

        static Tensor Scaled(Tensor loss) => {|GL5003:loss.detach()|} * 2;
        """);

    [Fact]
    public Task TargetDetached_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("    functional.mse_loss(model.call(x), model.call(y.detach()).detach()).backward();"));

    [Fact]
    public Task GanDetach_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var generator = Linear(4, 4);
        var critic = Linear(4, 1);
        var optimizer = optim.Adam(critic.parameters());
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            var fake = generator.call(rand(8, 4)).detach();
            critic.call(fake).mean().backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task StraightThrough_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            var z = model.call(x);
            var quantized = z + (z.round() - z).detach();
            functional.mse_loss(quantized, y).backward();
        """));

    [Fact]
    public Task OneOfTwoLossesFlows_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            var loss = functional.mse_loss(model.call(x).detach(), y);
            loss = loss + functional.mse_loss(model.call(x), y);
            loss.backward();
        """));

    [Fact]
    public Task GradientOfTheInput_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            var input = x.detach();
            input.requires_grad = true;
            (input * input).sum().backward();
        """));

    [Fact]
    public Task EnabledAgain_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            using (no_grad())
            {
                using (enable_grad())
                {
                    functional.mse_loss(model.call(x), y).backward();
                }
            }
        """));

    [Fact]
    public Task NumberForALogOnly_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            var loss = functional.mse_loss(model.call(x), y);
            loss.backward();
            Console.WriteLine(loss.detach().item<float>());
        """));

    [Fact]
    public Task BackwardForSeveralCallers_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            public void Run(Tensor batch)
            {
                Learn(model.call(batch).sum());
                Learn(model.call(batch).detach().sum());
            }

            private static void Learn(Tensor loss) => loss.backward();
        }
        """);

    [Fact]
    public Task OverriddenLoss_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        abstract class Training
        {
            protected virtual Tensor Loss(Tensor x) => x.detach();

            public void Run(Tensor batch) => Loss(batch).backward();
        }
        """);

    private static string Loop(string body) => $$"""
        var model = Linear(4, 2);
        var criterion = CrossEntropyLoss();
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            var (x, y) = (rand(8, 4), rand(8, 2));
            optimizer.zero_grad();
        {{body}}
            optimizer.step();
        }
        """;
}
