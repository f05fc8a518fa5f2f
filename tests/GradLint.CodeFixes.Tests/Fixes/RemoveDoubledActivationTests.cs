using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.RemoveDoubledActivation>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RemoveDoubledActivationTests
{
    private const string Loss = "functional.cross_entropy(model.call(rand(4, 8)), zeros(4, int64))";

    [Fact]
    public Task LastElementOfASequential_IsRemoved() => Verify.BestAsync(
        $$"""
        var model = Sequential(
            ("hidden", Linear(8, 8)), // Features.
            ("head", Linear(8, 3)), // Logits.
            ("softmax", Softmax(1)));
        {|GL1003:{{Loss}}|}.backward();
        """,
        $$"""
        var model = Sequential(
            ("hidden", Linear(8, 8)), // Features.
            ("head", Linear(8, 3)) // Logits.
        );
        {{Loss}}.backward();
        """);

    [Fact]
    public Task ElementInTheMiddle_IsRemoved() => Verify.BestAsync(
        $$"""
        var model = Sequential(Linear(8, 3), Softmax(1), Flatten());
        {|GL1003:{{Loss}}|}.backward();
        """,
        $$"""
        var model = Sequential(Linear(8, 3), Flatten());
        {{Loss}}.backward();
        """);

    [Fact]
    public Task ElementOfAnArray_IsRemoved() => Verify.BestAsync(
        $$"""
        var layers = new (string, Module<Tensor, Tensor>)[]
        {
            ("head", Linear(8, 3)),
            ("softmax", Softmax(1)),
        };
        var model = Sequential(layers);
        {|GL1003:{{Loss}}|}.backward();
        """,
        $$"""
        var layers = new (string, Module<Tensor, Tensor>)[]
        {
            ("head", Linear(8, 3)),
        };
        var model = Sequential(layers);
        {{Loss}}.backward();
        """);

    [Fact]
    public Task ElementOfACollectionExpression_IsRemoved() => Verify.BestAsync(
        $$"""
        List<Module<Tensor, Tensor>> layers = [Linear(8, 3), Softmax(1)];
        var model = Sequential(layers);
        {|GL1003:{{Loss}}|}.backward();
        """,
        $$"""
        List<Module<Tensor, Tensor>> layers = [Linear(8, 3)];
        var model = Sequential(layers);
        {{Loss}}.backward();
        """);

    [Fact]
    public Task AppendedElement_IsNotAppended() => Verify.BestAsync(
        $$"""
        var layers = new List<(string, Module<Tensor, Tensor>)> { ("head", Linear(8, 3)) };
        layers.Add(("softmax", Softmax(1)));
        var model = Sequential(layers);
        {|GL1003:{{Loss}}|}.backward();
        """,
        $$"""
        var layers = new List<(string, Module<Tensor, Tensor>)> { ("head", Linear(8, 3)) };
        var model = Sequential(layers);
        {{Loss}}.backward();
        """);

    [Fact]
    public Task LayerInAnotherFile_IsRemovedWithItsField() => Verify.BestAsync(
        [
            """
            class Net : Module<Tensor, Tensor>
            {
                private readonly Linear head = Linear(8, 3);
                private readonly Softmax softmax;

                public Net() : base("net")
                {
                    softmax = Softmax(1);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    // Class scores.
                    return softmax.call(head.call(x));
                }
            }
            """,
            $$"""
            var model = new Net();
            {|GL1003:{{Loss}}|}.backward();
            """,
        ],
        [
            """
            class Net : Module<Tensor, Tensor>
            {
                private readonly Linear head = Linear(8, 3);

                public Net() : base("net")
                {
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    // Class scores.
                    return head.call(x);
                }
            }
            """,
            $$"""
            var model = new Net();
            {{Loss}}.backward();
            """,
        ]);

    [Fact]
    public Task LayerThatPredictionsUseToo_StaysForThem() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(8, 3);
            private readonly Softmax softmax = Softmax(1);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => softmax.call(head.call(x));

            public Tensor Predict(Tensor x) => softmax.call(head.call(x));

            public Tensor Loss(Tensor x, Tensor y) => {|GL1003:functional.cross_entropy(call(x), y)|};
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(8, 3);
            private readonly Softmax softmax = Softmax(1);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(x);

            public Tensor Predict(Tensor x) => softmax.call(head.call(x));

            public Tensor Loss(Tensor x, Tensor y) => functional.cross_entropy(call(x), y);
        }
        """);

    [Fact]
    public Task TensorMethod_GivesWayToItsTensor() => Verify.BestWithOwnUsingsAsync(
        """
        using TorchSharp;

        var logits = torch.nn.Linear(8, 1).call(torch.rand(4, 8));
        {|GL1003:torch.nn.functional.binary_cross_entropy_with_logits((logits + 1).reshape(4).sigmoid(), torch.zeros(4))|}.backward();
        {|GL1003:torch.nn.functional.binary_cross_entropy_with_logits(torch.sigmoid(/* Scores. */ -logits).squeeze(1), torch.zeros(4))|}.backward();
        """,
        """
        using TorchSharp;

        var logits = torch.nn.Linear(8, 1).call(torch.rand(4, 8));
        torch.nn.functional.binary_cross_entropy_with_logits((logits + 1).reshape(4), torch.zeros(4)).backward();
        torch.nn.functional.binary_cross_entropy_with_logits((-logits).squeeze(1), torch.zeros(4)).backward();
        """);

    [Fact]
    public Task StatementThatDoesNothingElse_IsRemoved() => Verify.BestAsync(
        """
        var model = Linear(8, 3);
        var output = model.call(rand(4, 8));
        output = functional.softmax(dim: 1, input: output);
        {|GL1003:functional.cross_entropy(output, zeros(4, int64))|}.backward();
        """,
        """
        var model = Linear(8, 3);
        var output = model.call(rand(4, 8));
        functional.cross_entropy(output, zeros(4, int64)).backward();
        """);

    [Fact]
    public Task OneActivationBeforeTwoLosses_IsRemovedOnce() => Verify.BestAsync(
        $$"""
        var model = Sequential(Linear(8, 3), Softmax(1));
        {|GL1003:{{Loss}}|}.backward();
        {|GL1003:{{Loss}}|}.backward();
        """,
        $$"""
        var model = Sequential(Linear(8, 3));
        {{Loss}}.backward();
        {{Loss}}.backward();
        """);

    [Fact]
    public Task LayerFromAFactory_IsLeftToThePerson() => Verify.NothingAsync(
        $$"""
        Module<Tensor, Tensor> Last() => Softmax(1);
        var model = Sequential(Linear(8, 3), Last());
        {|GL1003:{{Loss}}|}.backward();
        """);
}
