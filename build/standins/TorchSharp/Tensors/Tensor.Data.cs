using System;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements, in the tensor's own memory, or in a copy on the host.</summary>
        /// <exception cref="ArgumentException">When <typeparamref name="T"/> is not the element type.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            CheckType(typeof(T));
            return device_type == DeviceType.CPU ? new(this) : new(cpu(), ownsTensor: true);
        }

        /// <summary>The value of a tensor of one element.</summary>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            using var accessor = data<T>();
            return accessor[0];
        }

        public Scalar ToScalar() => dtype switch
        {
            ScalarType.Bool => Read() != 0,
            ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 => Read(),
            _ => Aten.CallLong("aten::_local_scalar_dense", this),
        };

        private double Read() => Aten.CallDouble("aten::_local_scalar_dense", dtype == ScalarType.Bool ? to(ScalarType.Float64) : this);

        private void CheckType(Type type)
        {
            bool fits = dtype == ScalarType.BFloat16 ? type == typeof(ushort) : type == TypeOfElement(dtype);
            if (!fits) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        private static Type? TypeOfElement(ScalarType dtype) => dtype switch
        {
            ScalarType.Byte => typeof(byte),
            ScalarType.Int8 => typeof(sbyte),
            ScalarType.Int16 => typeof(short),
            ScalarType.Int32 => typeof(int),
            ScalarType.Int64 => typeof(long),
            ScalarType.Float16 => typeof(Half),
            ScalarType.Float32 => typeof(float),
            ScalarType.Float64 => typeof(double),
            ScalarType.Bool => typeof(bool),
            _ => null,
        };
    }
}
