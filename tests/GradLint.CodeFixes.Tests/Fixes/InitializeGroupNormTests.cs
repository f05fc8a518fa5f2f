using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.InitializeGroupNorm>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class InitializeGroupNormTests
{
    [Fact]
    public Task Field_IsSetInTheConstructor() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly GroupNorm norm = {|GL2007:GroupNorm(4, 16)|}; // in groups of four

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => norm.call(x);
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly GroupNorm norm = GroupNorm(4, 16); // in groups of four

            public Net() : base("Net")
            {
                RegisterComponents();
                init.ones_(norm.weight);
                init.zeros_(norm.bias!);
            }

            public override Tensor forward(Tensor x) => norm.call(x);
        }
        """);

    [Fact]
    public Task SeveralInAReturnedSequential_GetLocals() => Verify.BestAsync(
        """
        static class Models
        {
            public static Sequential Create()
            {
                // two of them
                return torch.nn.Sequential(
                    ("conv", Conv2d(3, 16, 3)), ("norm", {|GL2007:torch.nn.GroupNorm(4, 16)|}), ("act", ReLU()),
                    ("conv2", Conv2d(16, 16, 3)), ("norm2", {|GL2007:torch.nn.GroupNorm(2, 16)|}), ("act2", ReLU()));
            }
        }
        """,
        """
        static class Models
        {
            public static Sequential Create()
            {
                var norm = torch.nn.GroupNorm(4, 16);
                init.ones_(norm.weight);
                init.zeros_(norm.bias!);
                var norm2 = torch.nn.GroupNorm(2, 16);
                init.ones_(norm2.weight);
                init.zeros_(norm2.bias!);
                // two of them
                return torch.nn.Sequential(
                    ("conv", Conv2d(3, 16, 3)), ("norm", norm), ("act", ReLU()),
                    ("conv2", Conv2d(16, 16, 3)), ("norm2", norm2), ("act2", ReLU()));
            }
        }
        """);

    [Fact]
    public Task NormInAFieldInitializer_GoesThroughAMethod() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(Conv2d(3, 16, 3), {|GL2007:GroupNorm(4, 16)|}, ReLU(), {|GL2007:GroupNorm(2, 16)|});

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Sequential(Conv2d(3, 16, 3), InitializeWeights(GroupNorm(4, 16)), ReLU(), InitializeWeights(GroupNorm(2, 16)));

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);

            private static GroupNorm InitializeWeights(GroupNorm norm)
            {
                init.ones_(norm.weight);
                init.zeros_(norm.bias!);
                return norm;
            }
        }
        """);
}
