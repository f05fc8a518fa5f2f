using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.MakeLayerInLoop>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MakeLayerInLoopTests
{
    [Fact]
    public Task Block_GetsTheDeclaration() => Verify.BestAsync(
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Tower()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                var layer = Linear(8, 8); // one for all
                for (var i = 0; i < 4; i++)
                {
                    {|GL6005:layers.Add(layer)|};
                    layers.Add(ReLU());
                }

                return Sequential(layers);
            }
        }
        """,
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Tower()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 4; i++)
                {
                    var layer = Linear(8, 8); // one for all
                    layers.Add(layer);
                    layers.Add(ReLU());
                }

                return Sequential(layers);
            }
        }
        """);

    [Fact]
    public Task UsedOutsideTheLoop_IsLeftAlone() => Verify.NothingAsync("""
        static class Models
        {
            public static Module<Tensor, Tensor> Tower()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                var layer = Linear(8, 8);
                for (var i = 0; i < 4; i++)
                    {|GL6005:layers.Add(layer)|};
                init.zeros_(layer.weight);
                return Sequential(layers);
            }
        }
        """);
}
