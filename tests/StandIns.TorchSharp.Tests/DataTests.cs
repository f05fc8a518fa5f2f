using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace StandIns.TorchSharp.Tests;

public class DataTests
{
    [Fact]
    public void Loader_GivesEveryExampleOnce_InBatches()
    {
        using var loader = DataLoader(new Squares(10), 4, shuffle: true, seed: 1);
        var numbers = new List<long>();
        var sizes = new List<long>();
        foreach (var batch in loader)
        {
            sizes.Add(batch["x"].shape[0]);
            foreach (var (x, y) in batch["x"].data<long>().Zip(batch["y"].data<long>()))
            {
                numbers.Add(x);
                Assert.Equal(x * x, y);
            }
        }
        Assert.Equal(3, loader.Count);
        Assert.Equal([4L, 4, 2], sizes);
        Assert.NotEqual(Enumerable.Range(0, 10).Select(i => (long)i), numbers);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), numbers.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Loader_DisposesBatches_AndLeaksNone(int workers)
    {
        long before = Numbers.LiveTensors();
        Tensor? last = null;
        using (var loader = DataLoader(new Squares(20), 6, num_worker: workers))
            foreach (var batch in loader) last = batch["x"];
        Assert.True(last!.IsInvalid);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void DropLast_LeavesOutTheShortBatch()
    {
        using var loader = DataLoader(new Squares(10), 4, drop_last: true);
        Assert.Equal(2, loader.Count);
        Assert.Equal(2, loader.Count());
    }

    [Fact]
    public void TensorDataset_SlicesAllItsTensors()
    {
        using var scope = NewDisposeScope();
        using var dataset = TensorDataset(arange(6).reshape(3, 2), tensor(new[] { 10, 20, 30 }));
        Assert.Equal(3, dataset.Count);
        Assert.Equal([2.0, 3], dataset[1][0].Values());
        using var loader = DataLoader(dataset, 2);
        Assert.Equal([10.0, 20, 30], loader.SelectMany(batch => batch[1].Values()));
        Assert.Throws<ArgumentException>(() => TensorDataset(ones(2), ones(3)));
    }

    [Fact]
    public void SavedTensor_IsLoadedExactly()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        var x = randn(3, 2);
        x.Save(new BinaryWriter(stream));
        stream.Position = 0;
        var loaded = Tensor.Load(stream);
        Assert.Equal(x.Values(), loaded.Values());
        Assert.Equal(x.shape, loaded.shape);
    }

    [Fact]
    public void LoadedInto_MustBeOfTheSameShapeAndType()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        ones(3).Save(new BinaryWriter(stream));
        stream.Position = 0;
        Assert.Throws<ArgumentException>(() => zeros(4).Load(new BinaryReader(stream)));
        stream.Position = 0;
        Assert.Throws<ArgumentException>(() => zeros(3, dtype: float64).Load(new BinaryReader(stream)));
        stream.Position = 0;
        var target = zeros(3, requires_grad: true);
        target.Load(new BinaryReader(stream));
        Assert.Equal([1.0, 1, 1], target.Values());
    }

    [Fact]
    public void SavedFile_IsLoaded()
    {
        string path = Path.GetTempFileName();
        try
        {
            using var x = arange(5);
            save(x, path);
            using var loaded = load(path);
            Assert.Equal(x.Values(), loaded.Values());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Squares(int count) : Dataset
    {
        public override long Count => count;

        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["x"] = tensor(index), ["y"] = tensor(index * index) };
    }
}
