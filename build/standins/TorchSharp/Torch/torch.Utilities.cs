namespace TorchSharp;

/// <summary>Whether Euclidean distances go through a matrix product; for many points it is faster and less exact.</summary>
public enum compute_mode { use_mm_for_euclid_dist_if_necessary = 0, use_mm_for_euclid_dist = 1, donot_use_mm_for_euclid_dist = 2 }

public static partial class torch
{
    public static bool is_tensor(object obj) => obj is Tensor;

    public static int get_num_threads() => Shim.shim_get_num_threads();
    public static void set_num_threads(int num) => Shim.shim_set_num_threads(num);
    public static int get_num_interop_threads() => Shim.shim_get_num_interop_threads();
    public static void set_num_interop_threads(int num) => Shim.Check(Shim.shim_set_num_interop_threads(num));

    public static Tensor FloatTensor(Tensor t) => t.to(ScalarType.Float32);
    public static Tensor DoubleTensor(Tensor t) => t.to(ScalarType.Float64);
    public static Tensor IntTensor(Tensor t) => t.to(ScalarType.Int32);
    public static Tensor LongTensor(Tensor t) => t.to(ScalarType.Int64);
    public static Tensor BoolTensor(Tensor t) => t.to(ScalarType.Bool);

    /// <summary>What a floating-point type can represent.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps, max, min, tiny;
    }

    public static FInfo finfo() => finfo(get_default_dtype());

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => new() { bits = 16, eps = 0.0009765625, max = 65504, min = -65504, tiny = 6.103515625e-05 },
        ScalarType.BFloat16 => new() { bits = 16, eps = 0.0078125, max = 3.3895313892515355e38, min = -3.3895313892515355e38, tiny = 1.1754943508222875e-38 },
        ScalarType.Float32 => new() { bits = 32, eps = 1.1920928955078125e-07, max = float.MaxValue, min = float.MinValue, tiny = 1.1754943508222875e-38 },
        ScalarType.Float64 => new() { bits = 64, eps = 2.220446049250313e-16, max = double.MaxValue, min = double.MinValue, tiny = 2.2250738585072014e-308 },
        _ => throw new System.ArgumentException($"finfo is defined for floating-point types, not for {dtype}."),
    };

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        Aten.Call("aten::cdist", x1, x2, p, (long)compute_mode);
}
