using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>
/// Sorts tensors by shape, type and device: a statistic of a whole group is one operation on a <see cref="TensorStack"/>, where
/// it would be one for each of them.
/// </summary>
internal static class TensorGroups
{
    /// <summary>
    /// Elements of a tensor that still shares a stack. Copying 2^14 floats costs a CPU about as much as one operation, and
    /// spares three or more.
    /// </summary>
    private const long LargestStacked = 1 << 14;

    private const int SmallestGroup = 3;

    /// <param name="tensors">Dense ones.</param>
    /// <param name="kindOf">By index; tensors of different kinds stay apart.</param>
    /// <returns>The tensors' indices by group, in the order in which groups begin; a large tensor is a group of its own, and so are few small ones.</returns>
    public static IReadOnlyList<int[]> Of<TKind>(IReadOnlyList<Tensor> tensors, Func<int, TKind> kindOf)
    {
        var groups = new List<List<int>>();
        var open = new Dictionary<(Form, TKind), List<int>>();
        for (var i = 0; i < tensors.Count; i++)
        {
            var form = Form.Of(tensors[i]);
            if (form.Elements <= LargestStacked && open.TryGetValue((form, kindOf(i)), out var group))
            {
                group.Add(i);
                continue;
            }

            groups.Add([i]);
            if (form.Elements <= LargestStacked)
                open[(form, kindOf(i))] = groups[^1];
        }

        return [.. groups.SelectMany(group => group.Count < SmallestGroup ? group.Select(i => (int[])[i]) : [group.ToArray()])];
    }

    private readonly struct Form(long[] shape, ScalarType type, DeviceType device, int index) : IEquatable<Form>
    {
        private readonly long[] _shape = shape;
        private readonly (ScalarType, DeviceType, int) _home = (type, device, index);

        public long Elements { get; } = shape.Aggregate(1L, (product, size) => product * size);

        public static Form Of(Tensor tensor) => new(tensor.shape, tensor.dtype, tensor.device_type, tensor.device_index);

        public bool Equals(Form other) => _home == other._home && _shape.AsSpan().SequenceEqual(other._shape);

        public override bool Equals(object? other) => other is Form form && Equals(form);

        public override int GetHashCode() => HashCode.Combine(_home, _shape.Length, Elements);
    }
}
