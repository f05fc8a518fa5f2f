using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>Norms on the tensor's own device, accumulated in float32, as 0-dimensional float32 tensors.</summary>
internal static class Norms
{
    /// <summary>√Σx². Squares below 1e-38 vanish in float32: see <see cref="Norm.Of"/>.</summary>
    public static Tensor L2(Tensor values)
    {
        using var single = AsSingle(values);
        return (single ?? values).norm();
    }

    /// <summary>max |x|; NaN when any value is.</summary>
    public static Tensor MaxAbs(Tensor values)
    {
        using var single = AsSingle(values);
        // norm(∞) is several times slower on the CPU, element by element.
        using var magnitudes = (single ?? values).abs();
        return magnitudes.max();
    }

    /// <summary>The tensor itself, or the dense form of a sparse one, in float32.</summary>
    public static Tensor Dense(Tensor values) => values.is_sparse ? zeros(values.shape, ScalarType.Float32, values.device).add_(values) : values;

    private static Tensor? AsSingle(Tensor values) =>
        values.is_sparse ? Dense(values)
        : values.dtype == ScalarType.Float32 ? null
        : values.to(ScalarType.Float32);
}

/// <summary>A norm read from the device.</summary>
internal static class Norm
{
    /// <summary>
    /// The L2 norm, given what float32 made of it and the largest magnitude. A deep sigmoid stack has gradients whose squares
    /// underflow: the largest magnitude is then a lower bound that is at most √n too small.
    /// </summary>
    public static double Of(double l2, double maxAbs) =>
        l2 < maxAbs || (double.IsInfinity(l2) && double.IsFinite(maxAbs)) ? maxAbs : l2;
}
