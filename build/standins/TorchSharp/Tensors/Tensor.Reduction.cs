using System;

namespace TorchSharp;

public static partial class torch
{
    // Reductions over all elements or over dimensions, and cumulative functions.
    public partial class Tensor
    {
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Aten.Call("aten::sum.dim_IntList", this, dim, keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.Call("aten::sum.dim_IntList", this, dim, keepdim, type);
        public Tensor sum(ScalarType? type = null) => Aten.Call("aten::sum", this, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Aten.Call("aten::sum.dim_IntList", this, dim, keepdim, type);
        public Tensor mean() => Aten.Call("aten::mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Aten.Call("aten::mean.dim", this, dimensions, keepdim, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Aten.Call("aten::prod.dim_int", this, dim, keepdim, type);
        public Tensor prod(ScalarType? type = null) => Aten.Call("aten::prod", this, type);
        public Tensor max() => Aten.Call("aten::max", this);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Aten.Call2("aten::max.dim", this, dim, keepdim);
        public Tensor max(Tensor other) => Aten.Call("aten::max.other", this, other);
        public Tensor min() => Aten.Call("aten::min", this);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Aten.Call2("aten::min.dim", this, dim, keepdim);
        public Tensor min(Tensor other) => Aten.Call("aten::min.other", this, other);
        public Tensor amax(params long[] dims) => Aten.Call("aten::amax", this, dims);
        public Tensor amin(params long[] dims) => Aten.Call("aten::amin", this, dims);
        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => Aten.Call2("aten::aminmax", this, dim, keepdim);
        public Tensor argmax() => Aten.Call("aten::argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.Call("aten::argmax", this, dim, keepdim);
        public Tensor argmin() => Aten.Call("aten::argmin", this);
        public Tensor argmin(long dim, bool keepdim = false) => Aten.Call("aten::argmin", this, dim, keepdim);
        public Tensor all() => Aten.Call("aten::all", this);
        public Tensor all(long dim, bool keepdim = false) => Aten.Call("aten::all.dim", this, dim, keepdim);
        public Tensor any() => Aten.Call("aten::any", this);
        public Tensor any(long dim, bool keepdim = false) => Aten.Call("aten::any.dim", this, dim, keepdim);
        public Tensor norm(float p = 2) => Aten.Call("aten::norm.Scalar", this, p);
        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.Call("aten::logsumexp", this, dim, keepdim);
        public Tensor median() => Aten.Call("aten::median", this);
        public Tensor nanmedian() => Aten.Call("aten::nanmedian", this);
        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) => Aten.Call2("aten::mode", this, dim, keepdim);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Call("aten::quantile", this, q, dim == -1 ? Arg.None : dim, keepdim); // -1: of all elements
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Call("aten::nanquantile", this, q, dim == -1 ? Arg.None : dim, keepdim); // -1: of all elements
        public Tensor nansum() => Aten.Call("aten::nansum", this);
        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) => Aten.Call("aten::nanmean", this, dim, keepdim, dtype);
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Call("aten::cumsum", this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.Call("aten::cumprod", this, dim, type);
        public (Tensor values, Tensor indexes) cummax(long dim) => Aten.Call2("aten::cummax", this, dim);
        public (Tensor values, Tensor indexes) cummin(long dim) => Aten.Call2("aten::cummin", this, dim);
        public Tensor count_nonzero(long[]? dims = null) => dims is null ? Aten.Call("aten::count_nonzero", this) : Aten.Call("aten::count_nonzero.dim_IntList", this, dims);
        public Tensor logcumsumexp(long dim) => Aten.Call("aten::logcumsumexp", this, dim);
        public Tensor dist(Tensor other, float p = 2) => Aten.Call("aten::dist", this, other, p);
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) => Aten.Call2("aten::kthvalue", this, k, dim ?? -1, keepdim);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.Call("aten::histc", this, bins, min, max);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.Call("aten::bincount", this, weights, minlength);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Aten.Call("aten::diff", this, n, dim, prepend, append);
        public Tensor trapezoid(double dx = 1, long dim = -1) => Aten.Call("aten::trapezoid.dx", this, dx, dim);
        public Tensor trapezoid(Tensor x, long dim = -1) => Aten.Call("aten::trapezoid.x", this, x, dim);
    }
}
