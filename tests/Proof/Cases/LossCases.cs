using System.Globalization;
using GradLint.Core.Rules;
using GradLint.Proof.Measures;

namespace GradLint.Proof.Cases;

/// <summary>GL1003 and GL1004: losses that take other numbers than they are given.</summary>
internal static class LossCases
{
    private const string OneClass = "tensor(new long[] { 1 })", Each = "tensor(new[] { 0f, 1f, 0f }, 1, 3)";

    public static IEnumerable<ProofCase> All =>
    [
        Doubled("Sequential, named", Program("""Sequential(("head", head), ("softmax", Softmax(1)))""", $"functional.cross_entropy(net.call(x), {OneClass})")),
        Doubled("Sequential, positional, loss module", Program("Sequential(head, Softmax(-1))", $"CrossEntropyLoss().call(net.call(x), {OneClass})")),
        Doubled("list", Program("""
            Sequential(Layers(head));

                    static List<Module<Tensor, Tensor>> Layers(Linear output)
                    {
                        var layers = new List<Module<Tensor, Tensor>>();
                        layers.Add(output);
                        layers.Add(LogSoftmax(1));
                        layers.Add(Softmax(1));
                        return layers;
                    }

            """.TrimEnd(), $"functional.cross_entropy(net.call(x), {OneClass})")),
        Doubled("factory", Program("Create(head)", $"functional.cross_entropy(net.call(x), {OneClass})", "private static Sequential Create(Linear output) => Sequential(output, Softmax(1));")),
        Doubled("field", Program("new Net(head)", $"functional.cross_entropy(net.call(x), {OneClass})", after: Net("private readonly Softmax softmax = Softmax(1);", "softmax.call(head.call(x))"))),
        Doubled("function", Program("new Net(head)", $"functional.cross_entropy(net.call(x), {OneClass})", after: Net("", "functional.softmax(head.call(x), 1)"))),
        Doubled("tensor method", Program("head", $"functional.cross_entropy(net.call(x).softmax(-1), {OneClass})")),
        Doubled("sigmoid, loss module", Program("Sequential(head, Sigmoid())", $"BCEWithLogitsLoss(reduction: Reduction.Sum).call(net.call(x), {Each})"), isBinary: true),
        Doubled("sigmoid, tensor method", Program("new Net(head)", $"functional.binary_cross_entropy_with_logits(net.call(x), {Each}, null, Reduction.Sum)", after: Net("", "head.call(x).sigmoid()")), isBinary: true),
        Mismatched("negative log-likelihood of logits, function", Program("head", $"functional.nll_loss(net.call(x), {OneClass})")),
        Mismatched("negative log-likelihood of logits, loss module", Program("Sequential(head)", $"NLLLoss().call(net.call(x), {OneClass})")),
        Mismatched("negative log-likelihood of a model's logits", Program("new Net(head)", $"functional.nll_loss(net.call(x), {OneClass})", after: Net("", "head.call(x)"))),
        Mismatched("negative log-likelihood of probabilities", Program("head", $"functional.nll_loss(functional.softmax(net.call(x), 1), {OneClass})")),
        Mismatched("binary cross-entropy of logits, function", Program("head", $"functional.binary_cross_entropy(net.call(x), {Each}, null, Reduction.Sum)"), isBinary: true),
        Mismatched("binary cross-entropy of logits, loss module", Program("Sequential(head)", $"BCELoss(reduction: Reduction.Sum).call(net.call(x), {Each})"), isBinary: true),
    ];

    private static ProofCase Doubled(string form, string source, bool isBinary = false) => new(RuleIds.ActivationDoubledBeforeLoss, form, source, new LogitGradient(isBinary));

    private static ProofCase Mismatched(string form, string source, bool isBinary = false) => new(RuleIds.LossGivenLogits, form, source, new LogitGradient(isBinary));

    /// <summary>The logits are the bias of a layer whose weights are zero: its gradient is theirs.</summary>
    private static string Program(string model, string loss, string member = "", string after = "") => $$"""
        public static class Models
        {
            public static double[] LogitGradient()
            {
                var head = Linear(2, 3);
                using (no_grad())
                {
                    head.weight.zero_();
                    head.bias!.copy_(tensor(new[] { {{string.Join(", ", LogitGradient.Logits.Select(logit => logit.ToString(CultureInfo.InvariantCulture) + "f"))}} }));
                }

                var net = {{model}}{{(model.EndsWith('}') ? "" : ";")}}
                var x = ones(1, 2);
                var loss = {{loss}};
                loss.backward();
                return head.bias!.grad!.to(float64).data<double>().ToArray();
            }

            {{member}}
        }

        {{after}}
        """;

    private static string Net(string field, string output) => $$"""
        public sealed class Net : Module<Tensor, Tensor>
        {
            private readonly Linear head;
            {{field}}

            public Net(Linear head) : base("Net")
            {
                this.head = head;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => {{output}};
        }
        """;
}
