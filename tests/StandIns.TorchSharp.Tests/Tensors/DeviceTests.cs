using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Testing;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

public class DeviceTests
{
    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1, "cpu")]
    [InlineData("CUDA:1", DeviceType.CUDA, 1, "cuda:1")]
    [InlineData("meta", DeviceType.META, -1, "meta")]
    public void Description_IsParsed(string description, DeviceType type, int index, string written)
    {
        var device = new Device(description);
        Assert.Equal((type, index, written), (device.type, device.index, device.ToString()));
    }

    [Fact]
    public void MissingCuda_IsRefusedInOneLine()
    {
        Assert.False(cuda.is_available());
        Assert.Equal(0, cuda.device_count());
        Assert.Contains("CUDA", Assert.Throws<InvalidOperationException>(() => ones(1, device: new Device(DeviceType.CUDA))).Message);
    }

    [Fact]
    public void MetaTensors_HaveShapes_AndNoData()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, 3, device: META, requires_grad: true);
        var y = x.matmul(zeros(3, 4, device: META)).relu().sum(dim: 1);
        Assert.True(y.is_meta);
        Assert.Equal([2L], y.shape);
        Assert.Equal("meta", y.device.ToString());
        Assert.ThrowsAny<Exception>(() => y.data<float>());
        Assert.ThrowsAny<Exception>(() => y.sum().ToScalar());
        Assert.ThrowsAny<Exception>(() => y.cpu());
    }

    [Fact]
    public void MetaTensors_GoThroughLayersAndBackward()
    {
        StandIn.Required("libtorch 1.13 alone has few kernels for meta tensors.");
        using var scope = NewDisposeScope();
        var image = ones(2, 3, 8, 8, device: META);
        var kernel = ones(5, 3, 3, 3, device: META, requires_grad: true);
        var features = nn.functional.conv2d(image, kernel, padding: [1, 1]).relu_();
        Assert.Equal([2L, 5, 8, 8], features.shape);
        var pooled = nn.functional.max_pool2d(features, 2).flatten(1);
        nn.functional.cross_entropy(pooled, zeros(2, dtype: int64, device: META)).backward();
        using var gradient = kernel.grad!;
        Assert.Equal(kernel.shape, gradient.shape);
        Assert.True(gradient.is_meta);
        Assert.ThrowsAny<Exception>(() => gradient.isfinite().all().ToBoolean());
        Assert.ThrowsAny<Exception>(() => gradient.nonzero());
    }

    [Fact]
    public void HostReads_AreCounted_OncePerRead()
    {
        StandIn.Required("The original does not count host reads.");
        using var scope = NewDisposeScope();
        var x = arange(6, dtype: float32).reshape(2, 3);
        using var reads = new HostReads();
        var statistics = stack([x.norm(), x.abs().max(), x.mean(), x.isfinite().all().to(float32)]);
        Assert.Equal(0, reads.Count);
        _ = statistics.cpu().data<float>().ToArray();
        Assert.Equal(1, reads.Count);
        _ = x[0, 0].item<float>();
        Assert.Equal(2, reads.Count);
        _ = x.sum().ToSingle();
        Assert.Equal(3, reads.Count);
        _ = x.nonzero();
        Assert.Equal(4, reads.Count);
        _ = x.masked_fill(x > 1, 0) + full(3, 2.0);
        Assert.Equal(4, reads.Count);
    }

    [Fact]
    public void HostReads_AreCounted_OnEveryThread()
    {
        StandIn.Required("The original does not count host reads.");
        using var x = ones(1);
        using var reads = new HostReads();
        var thread = new Thread(() => x.ToSingle());
        thread.Start();
        thread.Join();
        Assert.Equal(1, reads.Count);
    }

    [Fact]
    public void Finfo_IsTheFormats()
    {
        Assert.Equal(Math.Pow(2, -23), finfo(float32).eps);
        Assert.Equal(Math.Pow(2, -52), finfo(float64).eps);
        Assert.Equal(Math.Pow(2, -7), finfo(bfloat16).eps);
        Assert.Equal((double)Half.MaxValue, finfo(float16).max);
    }
}
