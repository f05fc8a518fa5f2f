using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A shape; what the factories accept where a shape may be a number, a tuple or an array.</summary>
    public struct Size : IEnumerable<long>
    {
        public static Size Empty = new(Array.Empty<long>());

        public Size(long[] shape) => Shape = shape;
        public Size(IEnumerable<long> shape) => Shape = shape.ToArray();
        public Size(int[] shape) => Shape = Array.ConvertAll(shape, i => (long)i);
        public Size(long size) => Shape = [size];
        public Size((long, long) size) => Shape = [size.Item1, size.Item2];
        public Size((long, long, long) size) => Shape = [size.Item1, size.Item2, size.Item3];
        public Size((long, long, long, long) size) => Shape = [size.Item1, size.Item2, size.Item3, size.Item4];
        public Size((long, long, long, long, long) size) => Shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];
        public Size((long, long, long, long, long, long) size) => Shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];
        public Size(int size) => Shape = [size];
        public Size((int, int) size) => Shape = [size.Item1, size.Item2];
        public Size((int, int, int) size) => Shape = [size.Item1, size.Item2, size.Item3];
        public Size((int, int, int, int) size) => Shape = [size.Item1, size.Item2, size.Item3, size.Item4];
        public Size((int, int, int, int, int) size) => Shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];
        public Size((int, int, int, int, int, int) size) => Shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];

        public long[] Shape { get; }
        public int Length => Shape.Length;
        public bool IsEmpty => Shape.Length == 0;
        public bool IsScalar => IsEmpty;
        public long this[int idx] => Shape[idx];
        public long this[long idx] => Shape[idx];

        public long numel() => Shape.Aggregate(1L, (product, length) => product * length);

        /// <summary>The lengths from <paramref name="first"/> up to, not including, <paramref name="next"/>; negative: counted from the end.</summary>
        public Size Slice(int first, int next)
        {
            if (next < 0) next += Length;
            if (first < 0) first += Length;
            return next <= first ? Empty : new(Shape.Skip(first).Take(next - first));
        }

        public IEnumerable<long> Take(int i) => Enumerable.Take(Shape, i);

        public IEnumerator<long> GetEnumerator() => Shape.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override bool Equals(object? obj) => obj is Size other && Shape.SequenceEqual(other.Shape);

        public override int GetHashCode() => Shape.Aggregate(Length, HashCode.Combine);

        public static bool operator ==(Size left, Size right) => left.Equals(right);
        public static bool operator !=(Size left, Size right) => !left.Equals(right);
        public static Size operator +(Size left, Size right) => new(left.Shape.Concat(right.Shape));
        public static Size operator +(Size left, IEnumerable<long> right) => new(left.Shape.Concat(right));

        public static implicit operator Size(long[] size) => new(size);
        public static implicit operator Size(long size) => new(size);
        public static implicit operator Size((long, long) size) => new(size);
        public static implicit operator Size((long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long, long, long) size) => new(size);
    }
}
