using System;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp;

/// <summary>The C ABI of native/*.cpp. Tensor handles are owning; a null handle is an undefined tensor.</summary>
internal static unsafe partial class Shim
{
    private const string Library = "TorchSharpShim";

    [DllImport(Library)] private static extern byte* shim_last_error();
    [DllImport(Library)] public static extern nint shim_operator(byte* name, byte* overload);
    [DllImport(Library)] public static extern long shim_call(nint op, NativeArgument* arguments, long count, int discard, NativeResult** results);

    [DllImport(Library)] public static extern void shim_dispose(nint tensor);
    [DllImport(Library)] public static extern nint shim_share(nint tensor);
    [DllImport(Library)] public static extern int shim_same(nint left, nint right);
    [DllImport(Library)] public static extern long shim_dim(nint tensor);
    [DllImport(Library)] public static extern long shim_numel(nint tensor);
    [DllImport(Library)] public static extern long shim_element_size(nint tensor);
    [DllImport(Library)] public static extern int shim_dtype(nint tensor);
    [DllImport(Library)] public static extern int shim_device_type(nint tensor);
    [DllImport(Library)] public static extern int shim_device_index(nint tensor);
    [DllImport(Library)] public static extern int shim_is_sparse(nint tensor);
    [DllImport(Library)] public static extern int shim_is_contiguous(nint tensor);
    [DllImport(Library)] public static extern long shim_storage_offset(nint tensor);
    [DllImport(Library)] public static extern long shim_version(nint tensor);
    [DllImport(Library)] public static extern void shim_sizes(nint tensor, long* sizes);
    [DllImport(Library)] public static extern int shim_strides(nint tensor, long* strides);
    [DllImport(Library)] public static extern void* shim_data(nint tensor);
    [DllImport(Library)] public static extern nint shim_from_host(void* data, long* sizes, long dims, int source, int target, int deviceType, int deviceIndex, int requiresGrad);

    [DllImport(Library)] public static extern int shim_cuda_is_available();
    [DllImport(Library)] public static extern int shim_get_num_threads();
    [DllImport(Library)] public static extern void shim_set_num_threads(int count);
    [DllImport(Library)] public static extern int shim_get_num_interop_threads();
    [DllImport(Library)] public static extern int shim_set_num_interop_threads(int count);
    [DllImport(Library)] public static extern int shim_result_type(nint left, nint right);
    [DllImport(Library)] public static extern int shim_promote_types(int left, int right);

    [DllImport(Library)] public static extern nint shim_generator_default();
    [DllImport(Library)] public static extern nint shim_generator(ulong seed);
    [DllImport(Library)] public static extern void shim_generator_dispose(nint generator);
    [DllImport(Library)] public static extern void shim_manual_seed(ulong seed);
    [DllImport(Library)] public static extern void shim_generator_set_seed(nint generator, ulong seed);
    [DllImport(Library)] public static extern ulong shim_generator_seed(nint generator);
    [DllImport(Library)] public static extern ulong shim_generator_current_seed(nint generator);
    [DllImport(Library)] public static extern nint shim_generator_get_state(nint generator);
    [DllImport(Library)] public static extern int shim_generator_set_state(nint generator, nint state);

    [DllImport(Library)] public static extern ulong shim_host_reads_start();
    [DllImport(Library)] public static extern long shim_host_reads();
    [DllImport(Library)] public static extern void shim_host_reads_stop(ulong handle);

    [DllImport(Library)] public static extern int shim_requires_grad(nint tensor);
    [DllImport(Library)] public static extern int shim_set_requires_grad(nint tensor, int value);
    [DllImport(Library)] public static extern int shim_is_leaf(nint tensor);
    [DllImport(Library)] public static extern int shim_retain_grad(nint tensor);
    [DllImport(Library)] public static extern nint shim_grad(nint tensor);
    [DllImport(Library)] public static extern int shim_set_grad(nint tensor, nint grad);
    [DllImport(Library)] public static extern nint shim_variable_data(nint tensor);
    [DllImport(Library)] public static extern int shim_set_data(nint tensor, nint data);
    [DllImport(Library)] public static extern int shim_backward(nint* tensors, long count, nint* grads, long gradCount, int retainGraph, int createGraph, nint* inputs, long inputCount);
    [DllImport(Library)] public static extern int shim_gradients(nint* outputs, long count, nint* inputs, long inputCount, nint* grads, long gradCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [DllImport(Library)] public static extern int shim_grad_enabled();
    [DllImport(Library)] public static extern void shim_set_grad_enabled(int enabled);
    [DllImport(Library)] public static extern int shim_inference_enabled();
    [DllImport(Library)] public static extern nint shim_inference_enter(int enabled);
    [DllImport(Library)] public static extern void shim_inference_leave(nint mode);
    [DllImport(Library)] public static extern int shim_anomaly_enabled();
    [DllImport(Library)] public static extern int shim_anomaly_checks_nan();
    [DllImport(Library)] public static extern void shim_set_anomaly(int enabled, int checkNaN);

    [DllImport(Library)] public static extern void shim_function_callbacks(delegate* unmanaged<long, nint, nint*, long, nint*, long, byte*> backward, delegate* unmanaged<long, void> release);
    [DllImport(Library)] public static extern nint shim_function_node(long id, byte* name, nint* inputs, long count);
    [DllImport(Library)] public static extern void shim_function_node_release(nint node);
    [DllImport(Library)] public static extern void shim_function_materialize(nint node, int value);
    [DllImport(Library)] public static extern int shim_function_wrap(nint node, nint* inputs, long count, nint* nonDifferentiable, long nonCount, nint* dirty, long dirtyCount, nint* outputs, long outputCount, nint* results);
    [DllImport(Library)] public static extern int shim_function_save(nint node, nint* tensors, long count);
    [DllImport(Library)] public static extern int shim_function_saved(nint node, long count, nint* results);

    public static ExternalException Error() => new(Marshal.PtrToStringUTF8((nint)shim_last_error()));

    public static void Check(int status)
    {
        if (status != 0) throw Error();
    }

    public static nint Check(nint handle) => handle != 0 ? handle : throw Error();

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
