using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ModelMovedAfterOptimizerTests
{
    private const string Train = """

        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
        }
        """;

    [Theory]
    [InlineData("model.to(CPU)")]
    [InlineData("model.to(DeviceType.CUDA)")]
    [InlineData("model.to(float64)")]
    [InlineData("model.cuda()")]
    public Task Moved_Triggers(string move) => Verify.DiagnosticsAsync($$"""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        {|GL5007:{{move}}|};
        """ + Train);

    [Fact]
    public Task MovedIfThereIsAGpu_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        if (cuda.is_available())
            {|GL5007:model.cuda()|};
        """ + Train);

    [Fact]
    public Task MovedInFitOfATrainer_Triggers() => Verify.DiagnosticsAsync(
        "new Trainer().Fit(new[] { rand(8, 4) }, CPU);",
        """
        class Trainer
        {
            private readonly Linear model = Linear(4, 2);
            private readonly optim.Optimizer optimizer;

            public Trainer() => optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IEnumerable<Tensor> batches, Device device)
            {
                {|GL5007:model.to(device)|};
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task OptimizerFromAFactory_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = Setup.For(model);
        {|GL5007:model.to(CUDA)|};
        """ + Train,
        """
        static class Setup
        {
            public static optim.Optimizer For(Module<Tensor, Tensor> any) => optim.Adam(any.parameters());
        }
        """);

    [Fact]
    public Task MovedByAHelper_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        Prepare(model);
        """ + Train + """

        static void Prepare(Linear layer)
        {
            {|GL5007:layer.to(CUDA)|};
            layer.train();
        }
        """);

    [Fact]
    public Task OptimizerOfAFactory_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = Optimizers.Default(model);
        {|GL5007:model.to(CUDA)|};
        """ + Train,
        """
        static class Optimizers
        {
            public static optim.Optimizer Default(Linear layer) => optim.Adam(layer.parameters(), 1e-3);
        }
        """);

    [Fact]
    public Task MovedBefore_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        model.to(CUDA);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        """ + Train);

    [Fact]
    public Task MovedWhereItIsMade_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2).to(CUDA);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        """ + Train);

    [Fact]
    public Task MovedToBeSaved_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        """ + Train + "\nmodel.cpu();");

    [Fact]
    public Task NewOptimizerAfterwards_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        model.to(CUDA);
        optimizer = optim.SGD(model.parameters(), 0.1);
        """ + Train);

    [Fact]
    public Task OtherModel_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var teacher = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        teacher.to(CUDA);
        """ + Train);

    [Fact]
    public Task TensorMoved_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var x = rand(8, 4).to(CUDA);
        """ + Train);

    [Fact]
    public Task MovedBeforeInTheConstructor_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer
        {
            private readonly Linear model = Linear(4, 2);
            private readonly optim.Optimizer optimizer;

            public Trainer(Device device)
            {
                model.to(device);
                optimizer = optim.SGD(model.parameters(), 0.1);
            }

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task MovedByAnExtension_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        model.OnFastestDevice();
        """ + Train,
        """
        static class Devices
        {
            public static void OnFastestDevice(this Linear model)
            {
                if (cuda.is_available())
                    {|GL5007:model.to(CUDA)|};
            }
        }
        """);

    [Fact]
    public Task MovedByTheFactoryOfTheModel_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Models.Create(CUDA);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        """ + Train,
        """
        static class Models
        {
            public static Linear Create(Device device)
            {
                var model = Linear(4, 2);
                model.to(device);
                return model;
            }
        }
        """);

    [Fact]
    public Task MovedBeforeTheHelperThatMakesTheOptimizer_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        record Config(double LearningRate, bool UseGpu);

        class Trainer(Linear model, Config config)
        {
            private optim.Optimizer? optimizer;

            public void Fit(IEnumerable<Tensor> batches)
            {
                Setup();
                foreach (var batch in batches)
                {
                    optimizer!.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
            }

            private void Setup()
            {
                if (config.UseGpu)
                    model.cuda();
                optimizer = optim.Adam(model.parameters(), config.LearningRate);
            }
        }
        """);

    [Fact]
    public Task BatchesMovedByAMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model, Device device)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(OnDevice(batch)).sum().backward();
                    optimizer.step();
                }
            }

            private Tensor OnDevice(Tensor batch) => batch.to(device);
        }
        """);

    [Fact]
    public Task MovedToTheCpuByTheSaveMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model, string file)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
                Save();
            }

            private void Save()
            {
                model.cpu();
                model.save(file);
            }
        }
        """);

    [Fact]
    public Task TeacherMovedByItsOwner_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Distillation
        {
            private readonly Linear student = Linear(4, 2), teacher = Linear(4, 2);
            private readonly optim.Optimizer optimizer;

            public Distillation() => optimizer = optim.Adam(student.parameters());

            public void Fit(IEnumerable<Tensor> batches, Device device)
            {
                PrepareTeacher(device);
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    functional.mse_loss(student.call(batch), teacher.call(batch).detach()).backward();
                    optimizer.step();
                }
            }

            private void PrepareTeacher(Device device) => teacher.to(device);
        }
        """);
}
