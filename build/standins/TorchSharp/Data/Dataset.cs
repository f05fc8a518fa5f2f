using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class utils
        {
            public static partial class data
            {
                /// <summary>Examples by number.</summary>
                public abstract class Dataset<T> : IDisposable
                {
                    public abstract long Count { get; }

                    public abstract T GetTensor(long index);

                    public void Dispose()
                    {
                        Dispose(true);
                        GC.SuppressFinalize(this);
                    }

                    protected virtual void Dispose(bool disposing) { }
                }

                public abstract class Dataset : Dataset<Dictionary<string, Tensor>> { }

                public abstract class IterableDataset : Dataset<IList<Tensor>> { }

                public static Modules.TensorDataset TensorDataset(params Tensor[] tensors) => new(tensors);
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Tensors of equal first dimension; an example is one slice of each.</summary>
    public class TensorDataset : torch.utils.data.IterableDataset
    {
        private readonly torch.Tensor[] tensors;

        internal TensorDataset(torch.Tensor[] tensors)
        {
            if (tensors.Length == 0) throw new ArgumentNullException(nameof(tensors));
            if (tensors.Any(t => t.shape[0] != tensors[0].shape[0])) throw new ArgumentException("All tensors must have the same first dimension size.", nameof(tensors));
            this.tensors = Array.ConvertAll(tensors, tensor => tensor.alias().DetachFromDisposeScope());
        }

        public override long Count => tensors[0].shape[0];

        public IList<torch.Tensor> this[long index] => tensors.Select(tensor => tensor[index]).ToList();

        public override IList<torch.Tensor> GetTensor(long index) => this[index];

        protected override void Dispose(bool disposing)
        {
            if (!disposing) return;
            foreach (var tensor in tensors) tensor.Dispose();
        }
    }
}
