using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class RecurrentWithoutClippingTests
{
    private const string Reader = """
        class Reader : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = LSTM(8, 16);
            private readonly Linear head = Linear(16, 2);
            public Reader() : base("Reader") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                var (output, _, _) = lstm.call(x, null);
                return head.call(output[-1]);
            }
        }
        """;

    [Fact]
    public Task LstmItself_Triggers() => Verify.DiagnosticsAsync(Loop("var model = LSTM(8, 16);", "model.call(x, null).Item1.sum()", "", "{|GL3001:optimizer.step()|}"));

    [Fact]
    public Task ModelWithAnLstm_Triggers() => Verify.DiagnosticsAsync(Loop("var model = new Reader();", "model.call(x).sum()", "", "{|GL3001:optimizer.step()|}"), Reader);

    [Fact]
    public Task ModelWithANestedBlock_Triggers() => Verify.DiagnosticsAsync(
        Loop("var model = new Classifier();", "model.call(x).sum()", "", "{|GL3001:optimizer.step()|}"),
        Reader,
        """
        class Classifier : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> body;
            public Classifier() : base("Classifier")
            {
                body = Build();
                RegisterComponents();
            }
            private static Module<Tensor, Tensor> Build() => new Reader();
            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task RecurrentBaseClass_Triggers() => Verify.DiagnosticsAsync(
        Loop("var model = new Special();", "model.call(x).sum()", "", "{|GL3001:optimizer.step()|}"),
        Reader,
        "class Special : Reader { }");

    [Fact]
    public Task TrainerThatKnowsOnlyAModule_Triggers() => Verify.DiagnosticsAsync(
        "new Trainer(new Reader()).Fit(new[] { rand(20, 4, 8) });",
        Reader,
        """
        class Trainer
        {
            private readonly Module<Tensor, Tensor> model;
            private readonly optim.Optimizer optimizer;

            public Trainer(Module<Tensor, Tensor> model)
            {
                this.model = model;
                optimizer = optim.Adam(model.parameters());
            }

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    {|GL3001:optimizer.step()|};
                }
            }
        }
        """);

    [Fact]
    public Task StepInAHelper_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = new Reader();
        var optimizer = MakeOptimizer(model);
        for (var i = 0; i < 10; i++)
            Update(model.call(rand(20, 4, 8)).sum());

        optim.Optimizer MakeOptimizer(Reader reader) => optim.Adam(reader.parameters(), lr: 0.01);

        void Update(Tensor loss)
        {
            optimizer.zero_grad();
            loss.backward();
            {|GL3001:optimizer.step()|};
        }
        """,
        Reader);

    [Fact]
    public Task GruCellInALoop_Triggers() => Verify.DiagnosticsAsync(Loop("var model = GRUCell(8, 16);", "model.call(rand(4, 8), zeros(4, 16)).sum()", "", "{|GL3001:optimizer.step()|}"));

    [Fact]
    public Task NormClipped_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("var model = new Reader();", "model.call(x).sum()", "nn.utils.clip_grad_norm_(model.parameters(), 1.0);", "optimizer.step()"), Reader);

    [Fact]
    public Task ValueClipped_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("var model = new Reader();", "model.call(x).sum()", "nn.utils.clip_grad_value_(model.parameters(), 1.0);", "optimizer.step()"), Reader);

    [Fact]
    public Task ClampedByHand_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("var model = new Reader();", "model.call(x).sum()", "foreach (var p in model.parameters()) p.grad?.clamp_(-1, 1);", "optimizer.step()"), Reader);

    [Fact]
    public Task ClippedBehindAnOption_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Trainer(Reader model, double clip)
        {
            private readonly optim.Optimizer optimizer = optim.Adam(model.parameters());

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    if (clip > 0)
                        nn.utils.clip_grad_norm_(model.parameters(), clip);
                    optimizer.step();
                }
            }
        }
        """,
        Reader);

    [Fact]
    public Task ClippedInAWrapperOfTheOptimizer_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = new Reader();
        var updater = new ClippingOptimizer(model);
        for (var i = 0; i < 10; i++)
        {
            model.call(rand(20, 4, 8)).sum().backward();
            updater.Apply();
        }
        """,
        Reader,
        """
        class ClippingOptimizer
        {
            private readonly Reader model;
            private readonly optim.Optimizer inner;
            public ClippingOptimizer(Reader model) => (this.model, inner) = (model, optim.Adam(model.parameters()));
            public void Apply()
            {
                Clip();
                inner.step();
                inner.zero_grad();
            }
            private void Clip() => nn.utils.clip_grad_norm_(model.parameters(), 1.0);
        }
        """);

    [Fact]
    public Task ClippedThroughADelegate_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Trainer(Reader model, Action<Reader> beforeStep)
        {
            private readonly optim.Optimizer optimizer = optim.Adam(model.parameters());

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    beforeStep(model);
                    optimizer.step();
                }
            }
        }
        """,
        Reader);

    [Fact]
    public Task ModelWithoutRecurrence_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Loop("var model = Sequential(Linear(8, 16), ReLU(), Linear(16, 2));", "model.call(x).sum()", "", "optimizer.step()"), Reader);

    [Fact]
    public Task HeadAloneIsTrained_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var body = new Reader();
        var head = Linear(2, 2);
        var optimizer = optim.Adam(head.parameters());
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            head.call(body.call(rand(20, 4, 8)).detach()).sum().backward();
            optimizer.step();
        }
        """,
        Reader);

    private static string Loop(string model, string loss, string clip, string step) => $$"""
        {{model}}
        var optimizer = optim.Adam(model.parameters());
        for (var i = 0; i < 10; i++)
        {
            var x = rand(20, 4, 8);
            optimizer.zero_grad();
            {{loss}}.backward();
            {{clip}}
            {{step}};
        }
        """;

    [Fact]
    public Task TrainerBaseWithAnAbstractLoss_Triggers() => Verify.DiagnosticsAsync(
        """
        abstract class TrainerBase<TModel>(TModel model) where TModel : nn.Module
        {
            protected TModel Model => model;
            protected abstract Tensor ComputeLoss(Tensor batch);

            public void Fit(IEnumerable<Tensor> batches)
            {
                var optimizer = optim.Adam(Model.parameters());
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    ComputeLoss(batch).backward();
                    {|GL3001:optimizer.step()|};
                }
            }
        }
        """,
        """
        class ReaderTrainer(Reader reader) : TrainerBase<Reader>(reader)
        {
            protected override Tensor ComputeLoss(Tensor batch) => Model.call(batch).pow(2).mean();
        }
        """,
        """
        static class Program
        {
            public static void Main() => new ReaderTrainer(new Reader()).Fit(new[] { rand(20, 4, 8) });
        }
        """,
        Reader);

    [Fact]
    public Task ClippedByAnOverride_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        abstract class Loop(Reader model)
        {
            private readonly optim.Optimizer optimizer = optim.Adam(model.parameters());
            protected abstract void AfterBackward();

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    AfterBackward();
                    optimizer.step();
                }
            }
        }
        """,
        """
        class Clipped(Reader model) : Loop(model)
        {
            private readonly Reader reader = model;
            protected override void AfterBackward() => nn.utils.clip_grad_norm_(reader.parameters(), 0.5);
        }
        """,
        Reader);

    [Fact]
    public Task ScaledByAnExtension_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = new Reader();
        var optimizer = optim.SGD(model.parameters(), 0.1);
        foreach (var batch in new[] { rand(20, 4, 8) })
        {
            optimizer.zero_grad();
            model.call(batch).sum().backward();
            model.parameters().Bound(1.0);
            optimizer.step();
        }
        """,
        Reader,
        """
        static class Gradients
        {
            public static void Bound(this IEnumerable<Parameter> parameters, double largest)
            {
                foreach (var parameter in parameters)
                    parameter.grad?.clamp_(-largest, largest);
            }
        }
        """);

    /// <summary>The trainer, its factory and its optimizer's know the base type only.</summary>
    [Fact]
    public Task ModelGivenToAFactoryOfTheTrainer_Triggers() => Verify.DiagnosticsAsync(
        """
        Forecaster model = new Lstm();
        var trainer = Trainer.Compile(model);
        trainer.Fit(rand(20, 4, 8), rand(4, 1));
        """,
        """
        abstract class Forecaster(string name) : Module<Tensor, Tensor>(name);

        class Lstm : Forecaster
        {
            private readonly LSTM lstm = LSTM(8, 16);
            private readonly Linear head = Linear(16, 1);
            public Lstm() : base("Lstm") => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(lstm.call(x).Item1[-1]);
        }
        """,
        """
        class Trainer
        {
            private readonly Forecaster model;

            private Trainer(Forecaster model) => this.model = model;

            public static Trainer Compile(Forecaster model) => new(model);

            public void Fit(Tensor x, Tensor y)
            {
                var optimizer = OptimizerOf(adaptive: true);
                for (var i = 0; i < 50; i++)
                {
                    var loss = functional.mse_loss(model.forward(x), y);
                    model.zero_grad();
                    loss.backward();
                    {|GL3001:optimizer.step()|};
                }
            }

            private optim.Optimizer OptimizerOf(bool adaptive) => adaptive ? optim.Adam(model.parameters()) : optim.SGD(model.parameters(), 0.1);
        }
        """);
}
