using System.Collections.Immutable;
using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// Compares all expected with all reported diagnostics. Which belongs to which is found by maximum bipartite matching,
/// since an expectation may fit several diagnostics and must not take the one that another needs.
/// </summary>
internal sealed class DiagnosticComparison
{
    private readonly DiagnosticPrinter printer;
    private readonly ImmutableArray<Diagnostic> actual;
    private readonly DiagnosticResult[] expected;
    private readonly IVerifier verifier;
    private readonly bool[,] fits;

    /// <summary>[i]: the index of the expectation that actual[i] meets, or -1.</summary>
    private readonly int[] expectationOf;

    public DiagnosticComparison(DiagnosticPrinter printer, ImmutableArray<Diagnostic> actual, DiagnosticResult[] expected, IVerifier verifier)
    {
        this.printer = printer;
        this.actual = actual;
        this.expected = expected;
        this.verifier = verifier;
        fits = new bool[expected.Length, actual.Length];
        for (int e = 0; e < expected.Length; e++)
        {
            for (int a = 0; a < actual.Length; a++)
                fits[e, a] = !DiagnosticMatch.Differences(expected[e], actual[a]).Any();
        }

        expectationOf = new int[actual.Length];
        Array.Fill(expectationOf, -1);
        for (int e = 0; e < expected.Length; e++)
            TryAssign(e, new bool[actual.Length]);
    }

    public void Verify(Action<Diagnostic, DiagnosticResult, IVerifier>? alsoVerify)
    {
        var unexpected = Enumerable.Range(0, actual.Length).Where(a => expectationOf[a] < 0).ToList();
        var missing = Enumerable.Range(0, expected.Length).Except(expectationOf).ToList();
        if (unexpected.Count > 0 || missing.Count > 0)
            verifier.Fail(Describe(missing, unexpected));

        for (int a = 0; a < actual.Length; a++)
            alsoVerify?.Invoke(actual[a], expected[expectationOf[a]], verifier);
    }

    /// <summary>Finds a diagnostic for expectation <paramref name="e"/>, moving others to another one where that helps.</summary>
    private bool TryAssign(int e, bool[] visited)
    {
        for (int a = 0; a < actual.Length; a++)
        {
            if (!fits[e, a] || visited[a])
                continue;
            visited[a] = true;
            if (expectationOf[a] < 0 || TryAssign(expectationOf[a], visited))
            {
                expectationOf[a] = e;
                return true;
            }
        }

        return false;
    }

    private string Describe(List<int> missing, List<int> unexpected)
    {
        var text = new StringBuilder();
        text.AppendLine($"Diagnostics expected: {expected.Length}, reported: {actual.Length}; missing: {missing.Count}, unexpected: {unexpected.Count}.");
        Append("Missing:", missing.Select(e => printer.Print(expected[e])));
        Append("Unexpected:", unexpected.Select(a => printer.Print(actual[a])));
        if (missing.Count > 0 && unexpected.Count > 0)
            Append("Differences between each missing diagnostic and the unexpected one most like it:", missing.Select(e => NearestDifference(e, unexpected)));
        Append("Reported as expected:", Enumerable.Range(0, actual.Length).Except(unexpected).Select(a => printer.Print(actual[a])));
        return text.ToString();

        void Append(string heading, IEnumerable<string> lines)
        {
            if (!lines.Any())
                return;
            text.AppendLine().AppendLine(heading);
            foreach (string line in lines)
                text.Append("    ").AppendLine(line);
        }
    }

    private string NearestDifference(int e, List<int> unexpected)
    {
        var nearest = unexpected
            .Select(a => DiagnosticMatch.Differences(expected[e], actual[a]).ToList())
            .MinBy(differences => differences.Count)!;
        return $"{expected[e].Id}: {string.Join("; ", nearest)}";
    }
}
