using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ForwardBypassesHooksTests
{
    private const string Hook = "model.register_forward_hook((module, input, output) => output);";

    [Fact]
    public Task HookOnTheModule_Triggers() => Verify.DiagnosticsAsync($$"""
        var model = Linear(4, 2);
        {{Hook}}
        var y = {|GL5008:model.forward(rand(8, 4))|};
        """);

    [Fact]
    public Task PreHook_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        model.register_forward_pre_hook((module, input) => input);
        var y = {|GL5008:model.forward(rand(8, 4))|};
        """);

    [Fact]
    public Task InALoop_Triggers() => Verify.DiagnosticsAsync($$"""
        var model = Sequential(Linear(4, 2), ReLU());
        {{Hook}}
        foreach (var x in new[] { rand(8, 4) })
            {|GL5008:model.forward(x)|};
        """);

    [Fact]
    public Task HookInTheConstructor_Triggers() => Verify.DiagnosticsAsync(
        "new Probe().Run(rand(8, 4));",
        """
        class Probe
        {
            private readonly Linear model = Linear(4, 2);
            public Probe() => model.register_forward_hook((module, input, output) => output);
            public Tensor Run(Tensor x) => {|GL5008:model.forward(x)|};
        }
        """);

    [Fact]
    public Task HookInAHelper_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        Watch(model);
        var y = {|GL5008:model.forward(rand(8, 4))|};

        static void Watch(Linear layer) => layer.register_forward_hook((module, input, output) => output);
        """);

    [Fact]
    public Task OwnModel_Triggers() => Verify.DiagnosticsAsync(
        $$"""
        var model = new Net();
        {{Hook}}
        Evaluate(model, rand(8, 4));

        static Tensor Evaluate(Net net, Tensor x) => {|GL5008:net.forward(x)|};
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task Monitor_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        using var monitor = GradLint.Runtime.GradientMonitor.Attach(model);
        var y = {|GL5008:model.forward(rand(8, 4))|};
        """,
        """
        namespace GradLint.Runtime
        {
            public sealed class GradientMonitor : IDisposable
            {
                public static GradientMonitor Attach(nn.Module model) => new();
                public void Dispose() { }
            }
        }
        """);

    [Fact]
    public Task Called_DoesNotTrigger() => Verify.DiagnosticsAsync($$"""
        var model = Linear(4, 2);
        {{Hook}}
        var y = model.call(rand(8, 4));
        """);

    [Fact]
    public Task NoHook_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var y = model.forward(rand(8, 4));
        """);

    [Fact]
    public Task HookAttachedLater_DoesNotTrigger() => Verify.DiagnosticsAsync($$"""
        var model = Linear(4, 2);
        var y = model.forward(rand(8, 4));
        {{Hook}}
        """);

    [Fact]
    public Task HookOnAnotherModel_DoesNotTrigger() => Verify.DiagnosticsAsync($$"""
        var other = Linear(4, 2);
        var model = Linear(4, 2);
        {{Hook}}
        var y = other.forward(rand(8, 4));
        """);

    [Fact]
    public Task HookOnALayerOfIt_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = new Net();
        model.First.register_forward_hook((module, input, output) => output);
        var y = model.forward(rand(8, 4));
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            public Linear First { get; } = Linear(4, 2);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => First.call(x);
        }
        """);

    [Fact]
    public Task BaseForward_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Net() : base("Net")
            {
                register_forward_hook((module, input, output) => output);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => fc.call(x);
            public Tensor Twice(Tensor x) => forward(forward(x));
        }
        """);

    [Fact]
    public Task HookOfAWatcher_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var watcher = new ActivationWatcher(model);
        for (var i = 0; i < 10; i++)
            Run(rand(8, 4));

        Tensor Run(Tensor x) => {|GL5008:model.forward(x)|};
        """,
        """
        class ActivationWatcher
        {
            private readonly List<float> means = new();

            public ActivationWatcher(Linear layer) => layer.register_forward_hook((module, input, output) =>
            {
                means.Add(output.mean().item<float>());
                return output;
            });
        }
        """);

    [Fact]
    public Task CalledByTheMethodsOfAWatchedTrainer_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer
        {
            private readonly Linear model = Linear(4, 2);

            public Trainer() => Watch();

            private void Watch() => model.register_forward_hook((module, input, output) => output);

            public Tensor Predict(Tensor x) => model.call(x);
        }
        """);

    [Fact]
    public Task ForwardOfAnUnwatchedNetwork_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Agent
        {
            private readonly Linear policy = Linear(4, 2), target = Linear(4, 2);

            public Agent() => policy.register_forward_hook((module, input, output) => output);

            public Tensor Act(Tensor state) => policy.call(state);

            public Tensor Value(Tensor state) => target.forward(state);
        }
        """);

    [Fact]
    public Task ForwardBeforeTheMethodThatAttaches_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        Check(model);
        Watching.Start(model);
        model.call(rand(8, 4));

        static void Check(Linear layer) => layer.forward(zeros(1, 4));
        """,
        """
        static class Watching
        {
            public static void Start(Linear layer) => layer.register_forward_pre_hook((module, input) => input);
        }
        """);

    [Fact]
    public Task ModelThatAMethodTakes_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Evaluation
        {
            public void Run(IEnumerable<Linear> models, Tensor x)
            {
                foreach (var model in models)
                    Console.WriteLine(Output(model, x));
            }

            private static Tensor Output(Linear model, Tensor x) => model.forward(x);

            public void Watch(Linear model) => model.register_forward_hook((module, input, output) => output);
        }
        """);
}
