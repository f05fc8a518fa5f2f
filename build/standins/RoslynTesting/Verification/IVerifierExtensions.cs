namespace Microsoft.CodeAnalysis.Testing;

public static class IVerifierExtensions
{
    /// <summary>Fails with a line diff, <paramref name="expected"/> being its baseline, unless the two texts are equal.</summary>
    public static void EqualOrDiff(this IVerifier verifier, string expected, string actual, string? message = null)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        if (expected == actual)
            return;
        string heading = string.IsNullOrEmpty(message) ? "The texts differ. Diff from expected (-) to actual (+):" : message;
        verifier.Fail(heading + Environment.NewLine + LineDiff.Render(expected, actual));
    }
}
