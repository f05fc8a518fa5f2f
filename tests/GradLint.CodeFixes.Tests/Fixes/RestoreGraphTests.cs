using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.RestoreGraph>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RestoreGraphTests
{
    [Fact]
    public Task Detach_IsTakenOut() => Verify.BestAsync(
        """
        var model = Linear(4, 2);
        var output = {|GL5003:model.call(rand(8, 4)).detach()|}; // Forward.
        output.sum().backward();
        """,
        """
        var model = Linear(4, 2);
        var output = model.call(rand(8, 4)); // Forward.
        output.sum().backward();
        """);

    [Fact]
    public Task DetachInAHelper_IsTakenOut() => Verify.BestAsync(
        """
        class Training(Linear model)
        {
            public void Run(Tensor x) => Learn(model.call(x).detach().sum());

            private static void Learn(Tensor loss) => {|GL5003:loss.backward()|};
        }
        """,
        """
        class Training(Linear model)
        {
            public void Run(Tensor x) => Learn(model.call(x).sum());

            private static void Learn(Tensor loss) => loss.backward();
        }
        """);

    [Fact]
    public Task TripThroughANumber_IsLeftOut() => Verify.BestAsync(
        """
        var loss = Linear(4, 2).call(rand(8, 4)).sum();
        var copy = torch.tensor({|GL5003:loss.item<float>()|}); // Kept.
        copy.backward();
        """,
        """
        var loss = Linear(4, 2).call(rand(8, 4)).sum();
        var copy = loss; // Kept.
        copy.backward();
        """);

    [Fact]
    public Task TripThroughAnArray_IsCutShort() => Verify.BestAsync(
        """
        var output = Linear(4, 2).call(rand(8, 4));
        tensor({|GL5003:output.data<float>()|}.ToArray()).sum().backward(); // flat
        """,
        """
        var output = Linear(4, 2).call(rand(8, 4));
        output.flatten().sum().backward(); // flat
        """);

    [Fact]
    public Task TripThroughAnArrayInALocal_KeepsTheShape() => Verify.BestAsync(
        """
        var model = Linear(4, 2);
        float[] numbers = {|GL5003:model.call(rand(8, 4)).data<float>()|}.ToArray(); // for later
        functional.mse_loss(torch.tensor(numbers, 8, 2), zeros(8, 2)).backward();
        """,
        """
        var model = Linear(4, 2);
        Tensor numbers = model.call(rand(8, 4)); // for later
        functional.mse_loss(numbers.reshape(8, 2), zeros(8, 2)).backward();
        """);

    [Fact]
    public Task ArrayThatIsReadElsewhere_IsLeftToThePerson() => Verify.NothingAsync("""
        var numbers = {|GL5003:Linear(4, 2).call(rand(8, 4)).data<float>()|}.ToArray();
        Console.WriteLine(numbers.Max());
        tensor(numbers).sum().backward();
        """);

    [Fact]
    public Task TripThatChangesTheNumbers_IsLeftToThePerson() => Verify.NothingAsync("""
        var output = Linear(4, 2).call(rand(8, 4));
        tensor({|GL5003:output.data<float>()|}.Select(number => number * 2).ToArray()).sum().backward();
        """);

    [Fact]
    public Task ScopeWithoutGradients_IsRemoved() => Verify.BestAsync(
        """
        class Training(Linear model)
        {
            public void Step(Tensor x)
            {
                using var scope = NewDisposeScope();
                using var _ = {|GL5003:no_grad()|};
                var loss = model.call(x).sum();
                loss.backward();
            }
        }
        """,
        """
        class Training(Linear model)
        {
            public void Step(Tensor x)
            {
                using var scope = NewDisposeScope();
                var loss = model.call(x).sum();
                loss.backward();
            }
        }
        """);

    [Fact]
    public Task BlockWithoutGradients_KeepsItsStatements() => Verify.BestAsync(
        """
        class Training(Linear model)
        {
            public void Step(Tensor x)
            {
                Tensor output;
                using ({|GL5003:torch.no_grad()|})
                {
                    // Forward.
                    output = model.call(x);
                }

                output.sum().backward();
            }
        }
        """,
        """
        class Training(Linear model)
        {
            public void Step(Tensor x)
            {
                Tensor output;
                {
                    // Forward.
                    output = model.call(x);
                }

                output.sum().backward();
            }
        }
        """);
}
