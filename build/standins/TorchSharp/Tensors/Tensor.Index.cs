namespace TorchSharp;

public static partial class torch
{
    // Picking, placing, sorting and filling elements.
    public partial class Tensor
    {
        public Tensor index_select(long dim, Tensor index) => Aten.Call("aten::index_select", this, dim, index);
        public Tensor gather(long dim, Tensor index) => Aten.Call("aten::gather", this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Call("aten::scatter.src", this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Aten.InPlace("aten::scatter_.src", this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.Call("aten::scatter_add", this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Aten.InPlace("aten::scatter_add_", this, dim, index, src);
        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Call("aten::masked_fill.Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.InPlace("aten::masked_fill_.Scalar", this, mask, value);
        public Tensor masked_select(Tensor mask) => Aten.Call("aten::masked_select", this, mask);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.Call("aten::masked_scatter", this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Aten.InPlace("aten::masked_scatter_", this, mask, value);
        public Tensor take(Tensor index) => Aten.Call("aten::take", this, index);
        public Tensor take_along_dim(Tensor indices) => Aten.Call("aten::take_along_dim", this, indices);
        public Tensor take_along_dim(Tensor indices, long dim) => Aten.Call("aten::take_along_dim", this, indices, dim);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.Call("aten::index_add", this, dim, index, source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.InPlace("aten::index_add_", this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Aten.Call("aten::index_copy", this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Aten.InPlace("aten::index_copy_", this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Aten.Call("aten::index_fill.int_Scalar", this, dim, index, value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Aten.InPlace("aten::index_fill_.int_Scalar", this, dim, index, value);
        public Tensor nonzero() => Aten.Call("aten::nonzero", this);
        public Tensor argwhere() => Aten.Call("aten::argwhere", this);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Aten.Call2("aten::topk", this, k, dim, largest, sorted);
        public Tensor argsort(long dim = -1, bool descending = false) => Aten.Call("aten::argsort", this, dim, descending);
        public Tensor msort() => Aten.Call("aten::msort", this);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => Aten.Call("aten::bucketize.Tensor", this, boundaries, outInt32, right);
        public Tensor select_scatter(Tensor src, long dim, long index) => Aten.Call("aten::select_scatter", this, src, dim, index);
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => Aten.Call("aten::slice_scatter", this, src, dim, start, end, step);
        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Call("aten::diagonal_scatter", this, src, offset, dim1, dim2);
        public Tensor fill_(Scalar value) => Aten.InPlace("aten::fill_.Scalar", this, value);
        public Tensor zero_() => Aten.InPlace("aten::zero_", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.InPlace("aten::copy_", this, source, nonBlocking);
    }
}
