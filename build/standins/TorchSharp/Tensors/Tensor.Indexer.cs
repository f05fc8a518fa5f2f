using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    // Numbers, slices, ellipses and new axes give a view; tensors of indices, applied to that view, a copy.
    public partial class Tensor
    {
        [IndexerName("TensorItems")] public Tensor this[long i1] { get => index(i1); set => index_put_(value, i1); }
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2] { get => index(i1, i2); set => index_put_(value, i1, i2); }
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2, long i3] { get => index(i1, i2, i3); set => index_put_(value, i1, i2, i3); }
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2, long i3, long i4] { get => index(i1, i2, i3, i4); set => index_put_(value, i1, i2, i3, i4); }
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2, long i3, long i4, long i5] { get => index(i1, i2, i3, i4, i5); set => index_put_(value, i1, i2, i3, i4, i5); }
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6] { get => index(i1, i2, i3, i4, i5, i6); set => index_put_(value, i1, i2, i3, i4, i5, i6); }
        [IndexerName("TensorItems")] public Tensor this[params long[] indices] { get => index(Single(indices)); set => index_put_(value, Single(indices)); }
        [IndexerName("TensorItems")] public Tensor this[params TensorIndex[] indices] { get => index(indices); set => index_put_(value, indices); }
        [IndexerName("TensorItems")] public Tensor this[params Tensor[] indices] { get => index(indices); set => index_put_(value, indices); }

        public Tensor index(params Tensor[] indices) => Aten.Call("aten::index.Tensor", this, indices);

        public Tensor index(params TensorIndex[] indices)
        {
            using var view = View(indices, out var tensors);
            return tensors is null ? new Tensor(view.ShareHandle()) : Aten.Call("aten::index.Tensor", view, tensors);
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Aten.InPlace("aten::index_put_", this, indices, value);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var view = View(indices, out var tensors);
            if (tensors is null) Aten.Run("aten::copy_", view, value);
            else Aten.Run("aten::index_put_", view, tensors, value);
            return this;
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var number = full(Array.Empty<long>(), value, dtype, device);
            return index_put_(number, indices);
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = full(Array.Empty<long>(), value, dtype, device);
            return index_put_(number, indices);
        }

        private static TensorIndex[] Single(long[] indices) => Array.ConvertAll(indices, i => TensorIndex.Single(i));

        /// <summary>The view that all but the tensor indices select, and those, each at its dimension; null when there are none.</summary>
        private Tensor View(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            Tensor view = new(ShareHandle(), register: false);
            var found = new List<(int dim, Tensor index)>();
            int dim = 0;
            for (int i = 0; i < indices.Length; i++)
            {
                var index = indices[i];
                var next = index.kind switch
                {
                    TensorIndex.Kind.Single => view.select(dim, index.start!.Value),
                    TensorIndex.Kind.Slice when index.start is null && index.stop is null && index.step is null => null,
                    TensorIndex.Kind.Slice => Aten.Call("aten::slice.Tensor", view, dim, index.start, index.stop, index.step ?? 1),
                    TensorIndex.Kind.NewAxis => view.unsqueeze(dim),
                    _ => null,
                };
                if (next is not null)
                {
                    view.Dispose();
                    view = next;
                }
                if (index.kind == TensorIndex.Kind.Tensor) found.Add((dim, index.tensor!));
                if (index.kind == TensorIndex.Kind.Ellipsis) dim = (int)view.Dimensions - indices[(i + 1)..].Sum(Consumed);
                else if (index.kind != TensorIndex.Kind.Single) dim++;
            }
            tensors = found.Count == 0 ? null : new Tensor?[found[^1].dim + 1];
            foreach (var (place, index) in found) tensors![place] = index;
            return view;
        }

        /// <summary>How many dimensions of the tensor an index stands for.</summary>
        private static int Consumed(TensorIndex index) => index.kind switch
        {
            TensorIndex.Kind.NewAxis or TensorIndex.Kind.Ellipsis => 0,
            TensorIndex.Kind.Tensor when index.tensor!.dtype is ScalarType.Bool => (int)index.tensor.Dimensions,
            _ => 1,
        };
    }
}
