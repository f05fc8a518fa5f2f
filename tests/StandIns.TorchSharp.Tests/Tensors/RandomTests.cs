using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

public class RandomTests
{
    [Fact]
    public void EqualSeeds_GiveEqualNumbers()
    {
        using var scope = NewDisposeScope();
        double[] Draw() => cat([rand(4), randn(4), randint(100, [4]).to(float32), ones(4).bernoulli_(0.5)]).Values();
        manual_seed(7);
        var first = Draw();
        Assert.NotEqual(first, Draw());
        random.manual_seed(7);
        Assert.Equal(first, Draw());
        Assert.Equal(7, initial_seed());
    }

    [Fact]
    public void State_CanBeTakenAndPutBack()
    {
        using var scope = NewDisposeScope();
        var state = get_rng_state();
        var first = randn(5).Values();
        set_rng_state(state);
        Assert.Equal(first, randn(5).Values());
    }

    [Fact]
    public void OwnGenerator_LeavesTheDefaultAlone()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        manual_seed(1);
        var expected = randn(3).Values();
        manual_seed(1);
        var own = randn(3, generator: generator).Values();
        Assert.Equal(expected, randn(3).Values());
        generator.manual_seed(3);
        Assert.Equal(own, randn(3, generator: generator).Values());
    }

    [Fact]
    public void Distributions_HaveTheirMoments()
    {
        const int N = 100_000;
        manual_seed(0);
        using var scope = NewDisposeScope();
        // Within five standard errors of mean and of variance.
        AssertMoments(rand(N), 0.5, 1.0 / 12, 1.0 / 180);
        AssertMoments(randn(N), 0, 1, 2);
        AssertMoments(empty(N).uniform_(-3, 1), -1, 16.0 / 12, 256.0 / 180);
        AssertMoments(empty(N).normal_(2, 3), 2, 9, 162);
        AssertMoments(empty(N).exponential_(2), 0.5, 0.25, 0.5);
        AssertMoments(empty(N).bernoulli_(0.25), 0.25, 0.1875, 0.25 * 0.75 * (1 - 3 * 0.1875) - 0.1875 * 0.1875);
    }

    private static void AssertMoments(Tensor sample, double mean, double variance, double varianceOfSquare)
    {
        double n = sample.numel();
        Assert.InRange(sample.mean().item<float>(), mean - 5 * Math.Sqrt(variance / n), mean + 5 * Math.Sqrt(variance / n));
        Assert.InRange(sample.var().item<float>(), variance - 5 * Math.Sqrt(varianceOfSquare / n), variance + 5 * Math.Sqrt(varianceOfSquare / n));
    }
}
