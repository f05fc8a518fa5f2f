using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using TorchSharp.Utils;

namespace TorchSharp.Modules;

using static torch;
using static torch.utils.data;

/// <summary>Batches of a dataset. A batch is disposed when the next one is asked for, unless <see cref="DisposeBatch"/> is off.</summary>
public class DataLoader<T, S> : IEnumerable<S>, IDisposable
{
    public DataLoader(Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
    {
        this.dataset = dataset;
        batch_size = batchSize;
        this.collate_fn = collate_fn;
        sampler = shuffler;
        Device = device ?? CPU;
        num_workers = Math.Max(num_worker, 1);
        this.drop_last = drop_last;
        DisposeBatch = disposeBatch;
        DisposeDataset = disposeDataset;
    }

    public DataLoader(Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : this(dataset, batchSize, collate_fn, shuffle ? new FisherYatesShuffler(dataset.Count, seed) : InOrder(dataset.Count), device, num_worker, drop_last, disposeBatch, disposeDataset) { }

    public Dataset<T> dataset { get; }
    public int batch_size { get; }
    public bool drop_last { get; }
    public IEnumerable<long> sampler { get; }
    public int num_workers { get; }
    public Func<IEnumerable<T>, Device, S> collate_fn { get; }
    public Device Device { get; }
    public bool DisposeBatch { get; }
    public bool DisposeDataset { get; }

    /// <summary>The number of batches.</summary>
    public long Count => drop_last ? dataset.Count / batch_size : (dataset.Count - 1) / batch_size + 1;

    public IEnumerator<S> GetEnumerator()
    {
        foreach (var indices in sampler.Chunk(batch_size))
        {
            if (drop_last && indices.Length < batch_size) yield break;
            var (batch, tensors) = Load(indices);
            try
            {
                yield return batch;
            }
            finally
            {
                if (DisposeBatch) DisposeAll(tensors);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && DisposeDataset) dataset.Dispose();
    }

    private static IEnumerable<long> InOrder(long count)
    {
        for (long i = 0; i < count; i++) yield return i;
    }

    private (S Batch, IReadOnlyCollection<IDisposable> Tensors) Load(long[] indices)
    {
        var examples = new T[indices.Length];
        var parts = new IReadOnlyCollection<IDisposable>[indices.Length];
        void Read(int i) => parts[i] = InScope(() => examples[i] = dataset.GetTensor(indices[i]));

        if (num_workers == 1) for (int i = 0; i < indices.Length; i++) Read(i);
        else Parallel.For(0, indices.Length, new ParallelOptions { MaxDegreeOfParallelism = num_workers }, Read);

        S batch = default!;
        var tensors = InScope(() => batch = collate_fn(examples, Device));
        foreach (var part in parts) DisposeAll(part);
        return (batch, tensors);
    }

    /// <summary>What the action created and left, detached from any scope.</summary>
    private static IReadOnlyCollection<IDisposable> InScope(Action action)
    {
        using var scope = NewDisposeScope();
        action();
        var created = scope.DisposablesView;
        scope.Detach(created);
        return created;
    }

    private static void DisposeAll(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) disposable.Dispose();
    }
}

/// <summary>Batches of examples that are dictionaries: each key's tensors are stacked.</summary>
public class DataLoader : DataLoader<Dictionary<string, Tensor>, Dictionary<string, Tensor>>
{
    public DataLoader(Dataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset) { }

    public DataLoader(Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset) { }

    private static Dictionary<string, Tensor> Collate(IEnumerable<Dictionary<string, Tensor>> examples, Device device) =>
        examples.First().Keys.ToDictionary(key => key, key => Stack(examples.Select(example => example[key]), device));

    /// <summary>Along a new first dimension, on the device.</summary>
    internal static Tensor Stack(IEnumerable<Tensor> tensors, Device device)
    {
        using var scope = NewDisposeScope();
        return stack(tensors).to(device).MoveToOuterDisposeScope();
    }
}

/// <summary>Batches of examples that are lists: the tensors of each place are stacked.</summary>
public class IterableDataLoader : DataLoader<IList<Tensor>, IList<Tensor>>
{
    public IterableDataLoader(IterableDataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset) { }

    public IterableDataLoader(IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset) { }

    private static IList<Tensor> Collate(IEnumerable<IList<Tensor>> examples, Device device) =>
        Enumerable.Range(0, examples.First().Count).Select(place => DataLoader.Stack(examples.Select(example => example[place]), device)).ToList();
}
