using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

public class CreationTests
{
    [Fact]
    public void ElementTypes_AreTheArrays()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(float32, tensor(new[] { 1f }).dtype);
        Assert.Equal(float64, tensor(1.0).dtype);
        Assert.Equal(int64, tensor(new long[,] { { 1 } }).dtype);
        Assert.Equal(int32, tensor(3).dtype);
        Assert.Equal(@bool, tensor(true).dtype);
        Assert.Equal(float16, tensor(new[] { (Half)1 }).dtype);
        Assert.Equal(float32, tensor(new[] { 1, 2 }, dtype: float32).dtype);
        Assert.Equal(float32, zeros(2).dtype);
        Assert.Equal(int64, arange(3).dtype);
        Assert.Equal(float32, arange(0, 1, 0.5).dtype);
        Assert.Equal(int64, randint(5, [2]).dtype);
    }

    [Fact]
    public void Values_AreAsAsked()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0.0, 0, 1, 1], cat([zeros(2), ones(2)]).Values());
        Assert.Equal([2.5, 2.5], full(2, 2.5).Values());
        Assert.Equal([1.0, 3, 5], arange(1, 7, 2).Values());
        Assert.Equal([0.0, 0.25, 0.5, 0.75, 1], linspace(0, 1, 5).Values());
        Assert.Equal([1.0, 0, 0, 1], eye(2).Values());
        Assert.Equal([1.0, 2, 3, 4, 5, 6], tensor(new[,,] { { { 1, 2, 3 }, { 4, 5, 6 } } }).Values());
        Assert.Equal([1L, 2, 3], from_array(new[,,] { { { 1, 2, 3 }, { 4, 5, 6 } } }).shape);
        Assert.Equal([1L, 2], tensor(new List<float> { 1, 2 }, 1, 2).shape);
        Assert.Equal([0.0, 1, 2, 3, 4], randperm(5).sort().Values.Values());
        Assert.Equal([7.0, 7], zeros(2, dtype: int32).new_full(2, 7).Values());
    }

    [Fact]
    public void TooFewElements_IsRefused() =>
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1f, 2f }, new long[] { 3 }));

    [Fact]
    public void HostArray_IsCopied()
    {
        float[] source = [1, 2];
        using var x = tensor(source);
        source[0] = 100;
        Assert.Equal([1.0, 2], x.Values());
    }

    [Fact]
    public void LowPrecision_RoundsAsItsFormat()
    {
        using var scope = NewDisposeScope();
        // 8 and 11 significant bits.
        Assert.Equal(1 + 1.0 / 128, tensor(1 + 1.0 / 128 + 1.0 / 1024).to(bfloat16).Values()[0]);
        Assert.Equal(1 + 1.0 / 1024, tensor(1 + 1.0 / 1024 + 1.0 / 8192).half().Values()[0]);
        Assert.Equal(2, zeros(1, dtype: bfloat16).element_size());
    }

    [Fact]
    public void Conversions()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.75);
        Assert.Equal(2, (int)x);
        Assert.Equal(2.75, (double)x);
        Assert.True((bool)x);
        Assert.Equal(2L, x.@long().item<long>());
        Assert.Equal(float32, x.to(zeros(1)).dtype);
        Assert.Throws<ArgumentException>(() => x.item<float>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
    }

    [Fact]
    public void Accessor_FollowsStrides()
    {
        using var scope = NewDisposeScope();
        var transposed = arange(6).reshape(2, 3).t();
        var data = transposed.data<long>();
        Assert.Equal([0, 3, 1, 4, 2, 5], data.ToArray());
        Assert.Equal(4, data[1, 1]);
        data[2, 0] = -1;
        Assert.Equal(new long[,] { { 0, 3 }, { 1, 4 }, { -1, 5 } }, data.ToNDArray());
        Assert.Throws<IndexOutOfRangeException>(() => data[3, 0]);
    }

    [Fact]
    public void Text_SaysShapeTypeAndDevice()
    {
        using var x = zeros(2, 3);
        Assert.Equal("[2x3], type = Float32, device = cpu", x.ToString());
        Assert.Equal("[[0, 0, 0]\n [0, 0, 0]]", x.npstr(newLine: "\n"));
        Assert.Equal("[2x3], type = Float32, device = cpu\n 0 0 0\n 0 0 0\n", x.jlstr(newLine: "\n"));
        Assert.Equal("[2x3], type = Float32, device = cpu, value = \nfloat [,] {\n {0f, 0f, 0f},\n {0f, 0f, 0f}\n}", x.cstr(newLine: "\n"));
        using var many = arange(100);
        Assert.Equal("[0, 1, 2, ... 97, 98, 99]", many.npstr());
    }
}
