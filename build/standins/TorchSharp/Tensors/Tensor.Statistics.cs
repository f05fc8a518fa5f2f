using System;

namespace TorchSharp;

public static partial class torch
{
    // Reductions whose result may be converted, or that take their dimensions in several forms.
    public partial class Tensor
    {
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1, dim2], keepdim, type);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Out("aten::amax", dims, keepdim, @out);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Out("aten::amax", dims, keepdim, @out);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Out("aten::amin", dims, keepdim, @out);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Out("aten::amin", dims, keepdim, @out);

        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Aten.Call("aten::norm.ScalarOpt_dim", this, p, dim, keepdim);

        public Tensor std(bool unbiased = true) => Aten.Call("aten::std", this, unbiased);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::std.dim", this, dim, unbiased, keepdim));
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::std.dim", this, dimensions, unbiased, keepdim));
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::std.dim", this, dimensions, unbiased, keepdim));
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::std.dim", this, dim, unbiased, keepdim));
        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::std.dim", this, dim, unbiased, keepdim));

        /// <summary>Unbiased whatever is asked for, as in TorchSharp up to 0.107.</summary>
        public Tensor var(bool unbiased = true) => Aten.Call("aten::var", this);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::var.dim", this, dim, unbiased, keepdim));
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::var.dim", this, dimensions, unbiased, keepdim));
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::var.dim", this, dimensions, unbiased, keepdim));
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::var.dim", this, dim, unbiased, keepdim));
        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call("aten::var.dim", this, dim, unbiased, keepdim));

        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => Aten.Call2("aten::std_mean", this, unbiased);
        public (Tensor std, Tensor mean) std_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call2("aten::std_mean.dim", this, dim, unbiased, keepdim));
        public (Tensor std, Tensor mean) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call2("aten::std_mean.dim", this, dimensions, unbiased, keepdim));
        public (Tensor var, Tensor mean) var_mean(bool unbiased = true) => Aten.Call2("aten::var_mean", this, unbiased);
        public (Tensor var, Tensor mean) var_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call2("aten::var_mean.dim", this, dim, unbiased, keepdim));
        public (Tensor std, Tensor mean) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => As(type, Aten.Call2("aten::var_mean.dim", this, dimensions, unbiased, keepdim));

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) => Aten.Call2("aten::sort.stable", this, stable, dim, descending);

        /// <returns>The inverse indices and the counts are null where they were not asked for.</returns>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Asked(return_inverse, return_counts, dim is { } d
                ? Aten.Call3("aten::unique_dim", this, d, sorted, return_inverse, return_counts)
                : Aten.Call3("aten::_unique2", this, sorted, return_inverse, return_counts));

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Asked(return_inverse, return_counts, Aten.Call3("aten::unique_consecutive", this, return_inverse, return_counts, dim));

        public bool is_nonzero() => Aten.CallBool("aten::is_nonzero", this);

        private Tensor Out(string op, Arg dims, bool keepdim, Tensor? result) =>
            result is null ? Aten.Call(op, this, dims, keepdim) : result.Receive(op + ".out", this, dims, keepdim, result);

        /// <summary>This tensor, after an operator wrote its result into it.</summary>
        private Tensor Receive(string op, params ReadOnlySpan<Arg> args)
        {
            Aten.Run(op, args);
            return this;
        }

        private static Tensor As(ScalarType? type, Tensor result) => type is { } t ? result.to(t, disposeAfter: true) : result;

        private static (Tensor, Tensor) As(ScalarType? type, (Tensor, Tensor) results) => (As(type, results.Item1), As(type, results.Item2));

        private static (Tensor, Tensor?, Tensor?) Asked(bool inverse, bool counts, (Tensor, Tensor, Tensor) results)
        {
            if (!inverse) results.Item2.Dispose();
            if (!counts) results.Item3.Dispose();
            return (results.Item1, inverse ? results.Item2 : null, counts ? results.Item3 : null);
        }
    }
}
