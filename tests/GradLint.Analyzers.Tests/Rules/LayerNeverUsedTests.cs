using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class LayerNeverUsedTests
{
    private static string Net(string members, string forward = "fc1.call(x)", string constructor = "") => $$"""
        partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(8, 8);
            {{members}}
            public Net() : base("Net") { {{constructor}} RegisterComponents(); }
            public override Tensor forward(Tensor x) => {{forward}};
        }
        """;

    [Fact]
    public Task UnusedField_Triggers() => Verify.DiagnosticsAsync(Net("private readonly Linear {|GL6004:fc2|} = Linear(8, 8);"));

    [Fact]
    public Task AssignedInTheConstructor_Triggers() => Verify.DiagnosticsAsync(Net("private readonly Linear {|GL6004:fc2|};", constructor: "fc2 = Linear(8, 8);"));

    [Fact]
    public Task OnlyInitialised_Triggers() => Verify.DiagnosticsAsync(Net(
        "private readonly Linear {|GL6004:fc2|} = Linear(8, 8);", constructor: "init.xavier_uniform_(fc2.weight);"));

    [Fact]
    public Task OnlyRegistered_Triggers() => Verify.DiagnosticsAsync(Net(
        "private readonly Module<Tensor, Tensor> {|GL6004:fc2|} = Sequential(Linear(8, 8), ReLU());", constructor: "register_module(\"fc2\", fc2);"));

    [Fact]
    public Task MadeByAHelper_Triggers() => Verify.DiagnosticsAsync(Net(
        "private readonly Module<Tensor, Tensor> {|GL6004:fc2|} = Make(8); private static Module<Tensor, Tensor> Make(int width) => Linear(width, width);"));

    [Fact]
    public Task UnusedInBothParts_Triggers() => Verify.DiagnosticsAsync(
        Net("private readonly Linear {|GL6004:fc2|} = Linear(8, 8);"),
        "partial class Net { public Tensor Features(Tensor x) => fc1.call(x); }");

    [Fact]
    public Task UsedInForward_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Linear fc2 = Linear(8, 8);", "fc2.call(fc1.call(x))"));

    [Fact]
    public Task UsedInTheOtherPart_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Net("private readonly Linear fc2 = Linear(8, 8);"),
        "partial class Net { public Tensor Head(Tensor x) => fc2.call(x); }");

    [Fact]
    public Task HandedOutByAProperty_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Linear fc2 = Linear(8, 8); public Linear Head => fc2;"));

    [Fact]
    public Task PublicField_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("public readonly Linear fc2 = Linear(8, 8);"));

    [Fact]
    public Task GoneThroughByChildren_DoesNotTrigger() => Verify.DiagnosticsAsync(Net(
        "private readonly Linear fc2 = Linear(8, 8);", "children().Cast<Linear>().Aggregate(x, (h, layer) => layer.call(h)) + fc1.call(x)"));

    [Fact]
    public Task UsedByANestedType_DoesNotTrigger() => Verify.DiagnosticsAsync(Net(
        "private readonly Linear fc2 = Linear(8, 8); public class Head { public Tensor Apply(Net net, Tensor x) => net.fc2.call(x); }"));

    [Fact]
    public Task NothingTrainable_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Module<Tensor, Tensor> activation = ReLU();"));

    [Fact]
    public Task TiedToAnother_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Linear fc2 = Linear(8, 8);", constructor: "fc1.weight = fc2.weight;"));

    [Fact]
    public Task MadeByABuildMethod_Triggers() => Verify.DiagnosticsAsync("""
        class Autoencoder : Module<Tensor, Tensor>
        {
            private Linear encoder, decoder, {|GL6004:skip|};

            public Autoencoder(int width) : base("Autoencoder")
            {
                Build(width);
                RegisterComponents();
            }

            [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(encoder), nameof(decoder), nameof(skip))]
            private void Build(int width)
            {
                (encoder, decoder) = (Linear(8, width), Linear(width, 8));
                skip = Linear(8, 8);
            }

            public override Tensor forward(Tensor x) => Decode(encoder.call(x).relu());

            private Tensor Decode(Tensor code) => decoder.call(code);
        }
        """);

    [Fact]
    public Task ForwardOfSeveralMethods_Triggers() => Verify.DiagnosticsAsync("""
        class ActorCritic : Module<Tensor, (Tensor, Tensor)>
        {
            private readonly Linear trunk = Linear(4, 8), actor = Linear(8, 2), {|GL6004:critic|} = Linear(8, 1);

            public ActorCritic() : base("ActorCritic") => RegisterComponents();

            public override (Tensor, Tensor) forward(Tensor x)
            {
                var features = Features(x);
                return (Policy(features), Value(features));
            }

            private Tensor Features(Tensor x) => trunk.call(x).tanh();
            private Tensor Policy(Tensor features) => functional.softmax(actor.call(features), -1);
            private Tensor Value(Tensor features) => actor.call(features).max(-1, true).values;
        }
        """);

    [Fact]
    public Task UsedByAHelperOfForward_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class ActorCritic : Module<Tensor, (Tensor, Tensor)>
        {
            private readonly Linear actor = Linear(8, 2), critic = Linear(8, 1);

            public ActorCritic() : base("ActorCritic") => RegisterComponents();

            public override (Tensor, Tensor) forward(Tensor x) => (actor.call(x), Value(x));

            private Tensor Value(Tensor x) => critic.call(x);
        }
        """);

    [Fact]
    public Task UsedByADerivedClass_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        abstract class Backbone(string name) : Module<Tensor, Tensor>(name)
        {
            protected readonly Linear stem = Linear(4, 8);
        }
        """,
        """
        class Classifier : Backbone
        {
            private readonly Linear head = Linear(8, 2);
            public Classifier() : base("Classifier") => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(stem.call(x));
        }
        """);

    [Fact]
    public Task GivenToAnotherModule_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Decoder : Module<Tensor, Tensor>
        {
            private readonly Linear embedding;
            public Decoder(Linear embedding) : base("Decoder")
            {
                this.embedding = embedding;
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => x.matmul(embedding.weight!);
        }
        """,
        """
        class Autoencoder : Module<Tensor, Tensor>
        {
            private readonly Linear embedding = Linear(8, 4);
            private readonly Decoder decoder;

            public Autoencoder() : base("Autoencoder")
            {
                decoder = new Decoder(embedding);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => decoder.call(x);
        }
        """);

    [Fact]
    public Task ChosenByAMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Heads : Module<Tensor, string, Tensor>
        {
            private readonly Linear small = Linear(8, 2), large = Linear(8, 20);

            public Heads() : base("Heads") => RegisterComponents();

            private Linear For(string task) => task switch { "small" => small, _ => large };

            public override Tensor forward(Tensor x, string task) => For(task).call(x);
        }
        """);

    [Fact]
    public Task UsedInAPartOfAnotherFile_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        partial class Siamese : Module<Tensor, Tensor, Tensor>
        {
            private readonly Linear encoder = Linear(8, 4), metric = Linear(4, 1);
            public Siamese() : base("Siamese") => RegisterComponents();
            public override Tensor forward(Tensor a, Tensor b) => Distance(encoder.call(a), encoder.call(b));
        }
        """,
        """
        partial class Siamese
        {
            private Tensor Distance(Tensor a, Tensor b) => metric.call((a - b).abs());
        }
        """);

    [Fact]
    public Task UsedByAGenerationMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class LanguageModel : Module<Tensor, Tensor>
        {
            private readonly Embedding embedding = Embedding(100, 8);
            private readonly Linear head = Linear(8, 100), sampler = Linear(8, 100);

            public LanguageModel() : base("LanguageModel") => RegisterComponents();

            public override Tensor forward(Tensor tokens) => head.call(embedding.call(tokens));

            public IEnumerable<long> Generate(Tensor tokens)
            {
                while (true)
                    yield return Next(embedding.call(tokens)[-1]);
            }

            private long Next(Tensor state) => sampler.call(state).argmax().item<long>();
        }
        """);
}
