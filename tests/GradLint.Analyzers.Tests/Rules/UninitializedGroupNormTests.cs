using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class UninitializedGroupNormTests
{
    [Fact]
    public Task GroupNorm_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 16, 3), {|GL2007:GroupNorm(4, 16)|}, ReLU());
        """);

    [Theory]
    [InlineData(104)]
    [InlineData(107)]
    public Task VersionsThatLeaveItUninitialized_Trigger(byte minor) => WithTorchSharp(minor, """
        var net = Sequential(Conv2d(3, 16, 3), {|GL2007:GroupNorm(4, 16)|}, ReLU());
        """);

    [Theory]
    [InlineData(103)]
    [InlineData(108)]
    public Task OtherVersions_DoNotTrigger(byte minor) => WithTorchSharp(minor, """
        var net = Sequential(Conv2d(3, 16, 3), GroupNorm(4, 16), ReLU());
        """);

    [Fact]
    public Task InitializedGroupNorm_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var norm = GroupNorm(4, 16);
        init.ones_(norm.weight);
        init.zeros_(norm.bias);
        var net = Sequential(Conv2d(3, 16, 3), norm, ReLU());
        """);

    [Fact]
    public Task GroupNormWithoutAffine_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 16, 3), GroupNorm(4, 16, affine: false), ReLU());
        """);

    [Fact]
    public Task BatchNorm_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 16, 3), BatchNorm2d(16), ReLU());
        """);

    /// <summary>The whole loads its weights; its parts are made nowhere else.</summary>
    [Fact]
    public Task PartOfALoadedModel_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(16, 16, 3);
            private readonly GroupNorm norm = GroupNorm(4, 16);

            public Block() : base("Block") => RegisterComponents();

            public override Tensor forward(Tensor x) => norm.call(conv.call(x)).relu();
        }

        class Pretrained : Module<Tensor, Tensor>
        {
            private readonly Block first = new(), second = new();

            public Pretrained(string file) : base("Pretrained")
            {
                RegisterComponents();
                load(file);
            }

            public override Tensor forward(Tensor x) => second.call(first.call(x));
        }
        """);

    private const string Denoiser = """
        abstract class Denoiser(string name) : Module<Tensor, Tensor>(name);

        class UNet : Denoiser
        {
            private readonly Conv2d conv = Conv2d(4, 16, 3);
            private readonly GroupNorm norm = MARK(4, 16);

            public UNet() : base("UNet") => RegisterComponents();

            public override Tensor forward(Tensor x) => norm.call(conv.call(x)).silu();
        }

        class Pipeline
        {
            private readonly Denoiser denoiser = new UNet();

            public void Load(string file) => denoiser.ReadWeights(file);
        }
        """;

    private const string Loader = """
        static class WeightsFile
        {
            public static void ReadWeights(this nn.Module module, string file)
            {
                using var _ = no_grad();
                var weights = Read(file);
                foreach (var (name, parameter) in module.named_parameters())
                    parameter.copy_(weights[name]);
            }

            private static Dictionary<string, Tensor> Read(string file) => new();
        }
        """;

    /// <summary>The program only applies models, and a loader of its own fills them: one that is made as a part of something and handed on as its base type too.</summary>
    [Fact]
    public Task ProgramThatLoadsItsModels_DoesNotTrigger() => Verify.DiagnosticsAsync(Denoiser.Replace("MARK", "GroupNorm"), Loader);

    [Fact]
    public Task ProgramThatTrainsToo_Triggers() => Verify.DiagnosticsAsync(
        Denoiser.Replace("MARK(4, 16)", "{|GL2007:GroupNorm(4, 16)|}"),
        Loader,
        """
        class Training
        {
            public void Step(Denoiser denoiser, Tensor noisy, Tensor noise) => functional.mse_loss(denoiser.call(noisy), noise).backward();
        }
        """);

    private static Task WithTorchSharp(byte minor, string program) => new ProgramTest<ModelAnalyzer>(program).WithTorchSharp(minor).RunAsync();

    [Fact]
    public Task GroupNormsInALoop_TriggerOnce() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Module<Tensor, Tensor>> layers = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 3; i++)
                {
                    layers.Add(Conv2d(i == 0 ? 3 : 16, 16, 3));
                    layers.Add({|GL2007:GroupNorm(4, 16)|});
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x);
                return x;
            }
        }
        """);

    [Fact]
    public Task OnlyTheWeightInitialized_Triggers() => Verify.DiagnosticsAsync("""
        var norm = {|GL2007:GroupNorm(4, 16)|};
        init.ones_(norm.weight);
        var net = Sequential(Conv2d(3, 16, 3), norm, ReLU());
        """);

    [Fact]
    public Task FieldOfAType_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(3, 16, 3);
            private readonly GroupNorm norm = {|GL2007:GroupNorm(2, 16)|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => functional.relu(norm.call(conv.call(x)));
        }
        """);

    [Fact]
    public Task InitializedInALoop_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(Conv2d(3, 16, 3), GroupNorm(4, 16), ReLU());

            public Net() : base("Net")
            {
                RegisterComponents();
                foreach (var module in modules())
                {
                    if (module is GroupNorm norm)
                    {
                        init.ones_(norm.weight);
                        init.zeros_(norm.bias);
                    }
                }
            }

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """);
}
