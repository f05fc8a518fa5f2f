using TorchSharp.Testing;

namespace StandIns.TorchSharp.Tests;

/// <summary>These tests also hold for the original, but for what only the stand-in can do.</summary>
internal static class StandIn
{
    /// <param name="why">What the original does in its place.</param>
    public static void Required(string why)
    {
        if (!HostReads.CanCount) Assert.Skip(why);
    }
}
