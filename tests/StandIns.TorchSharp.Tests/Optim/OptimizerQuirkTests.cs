using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Optim;

public class OptimizerQuirkTests
{
    private static Parameter WithGradient(params float[] gradient) => new(zeros(gradient.Length)) { grad = tensor(gradient) };

    [Fact]
    public void EmptyParameterList_IsAcceptedSilently()
    {
        Assert.Null(optim.SGD(Array.Empty<Parameter>(), 0.1).step());
        Assert.Null(optim.Adam(Array.Empty<Parameter>()).step());
    }

    [Fact]
    public void DuplicatesAcrossGroups_AreSteppedTwice()
    {
        var parameter = WithGradient(1);
        var optimizer = optim.SGD([new SGD.ParamGroup([parameter]), new SGD.ParamGroup([parameter])], 0.5);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 0.5;
        optimizer.step();
        Assert.Equal(-1f, parameter.item<float>());
    }

    [Fact]
    public void ModelMovedAfterTheOptimizerWasMade_ThrowsKeyNotFoundInStep()
    {
        var layer = Linear(2, 2);
        var optimizer = optim.Adam(layer.parameters());
        layer.to(float64);
        layer.call(ones(1, 2, dtype: float64)).sum().backward();
        Assert.Throws<KeyNotFoundException>(() => optimizer.step());

        var list = Linear(2, 2);
        var other = optim.SGD(list.parameters().ToList(), 0.1);
        list.to(float64);
        Assert.Throws<KeyNotFoundException>(() => other.step());
    }

    [Fact]
    public void ZeroGrad_ZeroesInPlace_NullStaysNull()
    {
        var (seen, unseen) = (WithGradient(1, 2), new Parameter(zeros(2)));
        var optimizer = optim.SGD([seen, unseen], 0.1);
        optimizer.zero_grad();
        Assert.Equal([0f, 0f], seen.grad!.data<float>().ToArray());
        Assert.Null(unseen.grad);
    }

    [Fact]
    public void ParametersWithoutGradient_AreLeftAlone()
    {
        var parameter = new Parameter(ones(2));
        optim.Adam([parameter]).step();
        Assert.Equal([1f, 1f], parameter.data<float>().ToArray());
    }

    [Fact]
    public void ClipGradNorm_OfNothing_IsZero()
    {
        Assert.Equal(0, nn.utils.clip_grad_norm_([], 1));
        Assert.Equal(0, nn.utils.clip_grad_norm_([new Parameter(zeros(2))], 1));
    }

    [Fact]
    public void ClipGradNorm_ScalesByTheNormOfAllTogether()
    {
        var (left, right) = (WithGradient(3), WithGradient(4, 0));
        Assert.Equal(5, nn.utils.clip_grad_norm_([left, right], 1), 6);
        Assert.Equal(0.6f, left.grad!.item<float>(), 5);
        Assert.Equal([0.8f, 0f], right.grad!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);

        Assert.Equal(0.8, nn.utils.clip_grad_norm_([left, right], 2, double.PositiveInfinity), 5);
        Assert.Equal(1.4, nn.utils.clip_grad_norm_([left, right], 2, 1), 5);
        Assert.Equal(0.6f, left.grad!.item<float>(), 5);
    }

    [Fact]
    public void ClipGradNorm_WithAnInfiniteGradient_MakesItNaNAndAllOthersZero()
    {
        var (finite, infinite) = (WithGradient(1, 2), WithGradient(float.PositiveInfinity, 1));
        Assert.Equal(double.PositiveInfinity, nn.utils.clip_grad_norm_([finite, infinite], 1));
        Assert.Equal([0f, 0f], finite.grad!.data<float>().ToArray());
        Assert.Equal([float.NaN, 0f], infinite.grad!.data<float>().ToArray());
    }

    [Fact]
    public void ClipGradNorm_WithANaNGradient_MakesAllNaN()
    {
        var (finite, broken) = (WithGradient(1, 2), WithGradient(float.NaN, 1));
        Assert.Equal(double.NaN, nn.utils.clip_grad_norm_([finite, broken], 1));
        Assert.All(finite.grad!.data<float>().ToArray(), value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void ClipGradValue_CutsEachElement()
    {
        var parameter = WithGradient(-5, 0.25f, 5);
        nn.utils.clip_grad_value_([parameter, new Parameter(zeros(1))], 1);
        Assert.Equal([-1f, 0.25f, 1f], parameter.grad!.data<float>().ToArray());
    }

    [Fact]
    public void PadSequence_FillsUpTheShorterOnes()
    {
        Tensor[] sequences = [torch.tensor(new[] { 1f, 2f, 3f }), torch.tensor(new[] { 4f })];
        Assert.Equal([1, 4, 2, 9, 3, 9], nn.utils.rnn.pad_sequence(sequences, padding_value: 9).Values());
        Assert.Equal([1, 2, 3, 4, 0, 0], nn.utils.rnn.pad_sequence(sequences, batch_first: true).Values());
    }

    [Fact]
    public void ParametersToVectorAndBack()
    {
        var parameters = new[] { new Parameter(tensor(new float[] { 1, 2, 3, 4 }).reshape(2, 2)), new Parameter(tensor(new[] { 5f })) };
        using var vector = nn.utils.parameters_to_vector(parameters);
        Assert.Equal([1f, 2f, 3f, 4f, 5f], vector.data<float>().ToArray());
        nn.utils.vector_to_parameters(vector.detach() * 2, parameters);
        Assert.Equal([2f, 4f, 6f, 8f], parameters[0].data<float>().ToArray());
        Assert.Equal(10f, parameters[1].item<float>());
    }
}
