using System;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Shim.shim_dim(Handle);
        public long ndim => Dimensions;
        public long dim() => Dimensions;

        public long NumberOfElements => Shim.shim_numel(Handle);
        public long numel() => NumberOfElements;

        public long ElementSize => Shim.shim_element_size(Handle);
        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)Shim.shim_dtype(Handle);
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);

        public Device device => new(device_type, device_index);
        public DeviceType device_type => (DeviceType)Shim.shim_device_type(Handle);
        public int device_index => Shim.shim_device_index(Handle);
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_sparse => Shim.shim_is_sparse(Handle) != 0;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* p = sizes) Shim.shim_sizes(Handle, p);
                return sizes;
            }
        }

        public long[] size() => shape;

        /// <param name="dim">Negative: counted from the last.</param>
        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides) Shim.Check(Shim.shim_strides(Handle, p));
            return strides;
        }

        public long stride(int dim) => stride()[dim < 0 ? dim + Dimensions : dim];
        public long storage_offset() => Shim.shim_storage_offset(Handle);
        public bool is_contiguous() => Shim.shim_is_contiguous(Handle) != 0;
    }
}
