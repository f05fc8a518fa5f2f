using System;

namespace TorchSharp;

public static partial class torch
{
    // Shape: views of the same memory where the strides allow.
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Aten.Call("aten::view", this, shape);
        public Tensor view_as(Tensor other) => Aten.Call("aten::view_as", this, other);
        public Tensor reshape(params long[] shape) => Aten.Call("aten::reshape", this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.Call("aten::flatten.using_ints", this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes) => Aten.Call("aten::unflatten.int", this, dim, sizes);
        public Tensor squeeze(long? dim = null) => dim is { } d ? Aten.Call("aten::squeeze.dim", this, d) : Aten.Call("aten::squeeze", this);
        public Tensor squeeze_(long? dim = null) => dim is { } d ? Aten.InPlace("aten::squeeze_.dim", this, d) : Aten.InPlace("aten::squeeze_", this);
        public Tensor unsqueeze(long dim) => Aten.Call("aten::unsqueeze", this, dim);
        public Tensor unsqueeze_(long dim) => Aten.InPlace("aten::unsqueeze_", this, dim);
        public Tensor transpose(long dim0, long dim1) => Aten.Call("aten::transpose.int", this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Aten.InPlace("aten::transpose_", this, dim0, dim1);
        public Tensor t() => Aten.Call("aten::t", this);
        public Tensor permute(params long[] permutation) => Aten.Call("aten::permute", this, permutation);
        public Tensor movedim(long[] source, long[] destination) => Aten.Call("aten::movedim.intlist", this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => Aten.Call("aten::moveaxis.intlist", this, source, destination);
        public Tensor swapaxes(long dim0, long dim1) => Aten.Call("aten::swapaxes", this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => Aten.Call("aten::swapdims", this, dim0, dim1);
        public Tensor expand(params long[] sizes) => Aten.Call("aten::expand", this, sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Call("aten::expand", this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Aten.Call("aten::expand", this, sizes, isImplicit);
        public Tensor expand_as(Tensor other) => Aten.Call("aten::expand_as", this, other);
        public Tensor broadcast_to(params long[] shape) => Aten.Call("aten::broadcast_to", this, shape);
        public Tensor narrow(long dim, long start, long length) => Aten.Call("aten::narrow", this, dim, start, length);
        public Tensor select(long dim, long index) => Aten.Call("aten::select.int", this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Aten.Call("aten::slice.Tensor", this, dim, start, finish, step);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Call("aten::diagonal", this, offset, dim1, dim2);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Aten.Call("aten::as_strided", this, size, strides, storageOffset);
        public Tensor unfold(long dimension, long size, long step) => Aten.Call("aten::unfold", this, dimension, size, step);
        public Tensor contiguous() => Aten.Call("aten::contiguous", this);
        public Tensor clone() => Aten.Call("aten::clone", this);
        public Tensor ravel() => Aten.Call("aten::ravel", this);
        public Tensor flip(params long[] dims) => Aten.Call("aten::flip", this, dims);
        public Tensor fliplr() => Aten.Call("aten::fliplr", this);
        public Tensor flipud() => Aten.Call("aten::flipud", this);
        public Tensor roll(long shifts, long? dims = null) => dims is { } d ? Aten.Call("aten::roll", this, shifts, d) : Aten.Call("aten::roll", this, shifts);
        public Tensor roll(long[] shifts) => Aten.Call("aten::roll", this, shifts);
        public Tensor roll(long[] shifts, long[] dims) => Aten.Call("aten::roll", this, shifts, dims);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Aten.Call("aten::roll", this, shifts, dims);
        public Tensor roll((long, long, long) shifts, (long, long, long) dims) => Aten.Call("aten::roll", this, shifts, dims);
        public Tensor roll((long, long) shifts, (long, long) dims) => Aten.Call("aten::roll", this, shifts, dims);
        public Tensor repeat(params long[] sizes) => Aten.Call("aten::repeat", this, sizes);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => Aten.Call("aten::repeat_interleave.self_int", this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) => Aten.Call("aten::repeat_interleave.self_Tensor", this, repeats, dim, output_size);
        public Tensor tile(long[] reps) => Aten.Call("aten::tile", this, reps);
        public Tensor atleast_1d() => Aten.Call("aten::atleast_1d", this);
        public Tensor atleast_2d() => Aten.Call("aten::atleast_2d", this);
        public Tensor atleast_3d() => Aten.Call("aten::atleast_3d", this);
        public Tensor type_as(Tensor tensor) => Aten.Call("aten::type_as", this, tensor);
    }
}
