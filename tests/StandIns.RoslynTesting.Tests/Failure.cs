using Microsoft.CodeAnalysis.Testing;

namespace StandIns.RoslynTesting.Tests;

internal static class Failure
{
    /// <summary>The message with which <paramref name="test"/> fails.</summary>
    public static async Task<string> OfAsync(AnalyzerTest<DefaultVerifier> test)
        => (await Assert.ThrowsAsync<InvalidOperationException>(() => test.RunAsync())).Message;
}
