namespace TorchSharp;

public static partial class torch
{
    /// <summary>Element types, numbered as in libtorch.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0, Int8 = 1, Int16 = 2, Int32 = 3, Int64 = 4, Float16 = 5, Float32 = 6, Float64 = 7,
        ComplexFloat32 = 9, ComplexFloat64 = 10, Bool = 11, BFloat16 = 15,
    }

    public static ScalarType uint8 = ScalarType.Byte, int8 = ScalarType.Int8, int16 = ScalarType.Int16, int32 = ScalarType.Int32, int64 = ScalarType.Int64;
    public static ScalarType float16 = ScalarType.Float16, float32 = ScalarType.Float32, float64 = ScalarType.Float64, bfloat16 = ScalarType.BFloat16;
    public static ScalarType complex64 = ScalarType.ComplexFloat32, complex128 = ScalarType.ComplexFloat64, @bool = ScalarType.Bool;
    public static ScalarType half = ScalarType.Float16, @float = ScalarType.Float32, @double = ScalarType.Float64;
    public static ScalarType @short = ScalarType.Int16, @int = ScalarType.Int32, @long = ScalarType.Int64;
    public static ScalarType cfloat = ScalarType.ComplexFloat32, cdouble = ScalarType.ComplexFloat64;

    public static bool is_floating_point(ScalarType type) => type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;
    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;
    public static bool is_integral(ScalarType type) => type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;
    public static bool is_integral(Tensor t) => is_integral(t.dtype);
    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);
    public static bool is_complex(Tensor input) => is_complex(input.dtype);

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Shim.shim_result_type(tensor1.Handle, tensor2.Handle);
    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)Shim.shim_promote_types((int)type1, (int)type2);
}
