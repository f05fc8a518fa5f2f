using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests;

internal static class Numbers
{
    public static double[] Values(this Tensor tensor)
    {
        using var exact = tensor.to(float64);
        return exact.data<double>().ToArray();
    }

    public static void AssertClose(double[] expected, Tensor actual, double tolerance = 1e-6)
    {
        double[] values = actual.Values();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= tolerance * (1 + Math.Abs(expected[i])), $"element {i}: expected {expected[i]:g9}, got {values[i]:g9}");
    }

    /// <summary>The tensors alive after everything unreachable was finalized.</summary>
    public static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Tensor.TotalCount;
    }
}
