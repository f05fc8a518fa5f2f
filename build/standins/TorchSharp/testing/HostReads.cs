using System.Runtime.InteropServices;

namespace TorchSharp.Testing;

/// <summary>
/// Counts, from construction to disposal and on every thread, how often the host gets to hold a value of a tensor:
/// <c>item</c>, <c>data</c> and every operator that makes the host wait for a device. For tests, which compile this file
/// in; only the stand-in counts, so with the original there is nothing to ask.
/// </summary>
internal sealed class HostReads : IDisposable
{
    private readonly ulong handle = shim_host_reads_start();

    public static bool CanCount => NativeLibrary.TryLoad("TorchSharpShim", typeof(torch).Assembly, null, out _);

    public long Count => shim_host_reads();

    public void Dispose() => shim_host_reads_stop(handle);

    [DllImport("TorchSharpShim")] private static extern ulong shim_host_reads_start();
    [DllImport("TorchSharpShim")] private static extern long shim_host_reads();
    [DllImport("TorchSharpShim")] private static extern void shim_host_reads_stop(ulong handle);
}
