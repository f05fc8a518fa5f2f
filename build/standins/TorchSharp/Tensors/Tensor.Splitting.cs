using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <param name="size">The length of each part; the last may be shorter.</param>
        public Tensor[] split(long size, int dim = 0) => Aten.CallList("aten::split.Tensor", this, size, dim);
        public Tensor[] split(params long[] sizes) => split(sizes, 0L);
        public Tensor[] split(long[] sizes, long dim = 0) => Aten.CallList("aten::split_with_sizes", this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Aten.CallList("aten::split_with_sizes", this, sizes, dim);
        public Tensor[] chunk(long chunks, long dim = 0) => Aten.CallList("aten::chunk", this, chunks, dim);
        public Tensor[] unbind(long dimension = 0) => Aten.CallList("aten::unbind.int", this, dimension);
        public Tensor[] tensor_split(long size, long dim = 0) => Aten.CallList("aten::tensor_split.sections", this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Aten.CallList("aten::tensor_split.indices", this, sizes, dim);
        public Tensor[] hsplit(long size) => Aten.CallList("aten::hsplit.int", this, size);
        public Tensor[] hsplit(params long[] sizes) => Aten.CallList("aten::hsplit.array", this, sizes);
        public Tensor[] vsplit(long size) => Aten.CallList("aten::vsplit.int", this, size);
        public Tensor[] vsplit(params long[] sizes) => Aten.CallList("aten::vsplit.array", this, sizes);
        public Tensor[] dsplit(long size) => Aten.CallList("aten::dsplit.int", this, size);
        public Tensor[] dsplit(params long[] sizes) => Aten.CallList("aten::dsplit.array", this, sizes);

        /// <summary>One column of indices a dimension.</summary>
        public IList<Tensor> nonzero_as_list() => nonzero().split(1, 1);

        /// <summary>Elements of this tensor where the condition holds, of <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Aten.Call("aten::where.self", condition, this, y);

        public Tensor arctan(Tensor other) => atan2(other);
        public Tensor arctan_(Tensor other) => atan2_(other);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);
        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);
        public Tensor rot90(long k = 1, (long, long)? dims = null) => Aten.Call("aten::rot90", this, k, dims ?? (0, 1));
        public Tensor tensordot(Tensor b, long dims = 2) =>
            tensordot(b, Enumerable.Range(0, (int)dims).Select(i => Dimensions - dims + i).ToArray(), Enumerable.Range(0, (int)dims).Select(i => (long)i).ToArray());
        public Tensor pinverse(double rcond = 1E-15, bool hermitian = false) => Aten.Call("aten::linalg_pinv", this, rcond, hermitian);

        public Tensor T => Aten.Call("aten::numpy_T", this);
        public Tensor H => Aten.Call("aten::matrix_H", this);
        public Tensor mT => Aten.Call("aten::mT", this);
        public Tensor mH => Aten.Call("aten::mH", this);
    }
}
