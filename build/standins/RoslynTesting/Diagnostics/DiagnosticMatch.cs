namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Compares one expected with one reported diagnostic.</summary>
internal static class DiagnosticMatch
{
    /// <summary>In what <paramref name="actual"/> differs from what is expected; nothing when it matches.</summary>
    public static IEnumerable<string> Differences(DiagnosticResult expected, Diagnostic actual)
    {
        if (expected.Id != actual.Id)
            yield return $"id: expected {expected.Id}, was {actual.Id}";
        foreach (string difference in LocationDifferences(expected, actual))
            yield return difference;
        if (!expected.Options.HasFlag(DiagnosticOptions.IgnoreSeverity) && expected.Severity != actual.Severity)
            yield return $"severity: expected {expected.Severity}, was {actual.Severity}";
        if (expected.Message is { } message)
        {
            if (message != actual.GetMessage())
                yield return $"message: expected \"{message}\", was \"{actual.GetMessage()}\"";
        }
        else if (expected.MessageArguments is { Length: > 0 } arguments)
        {
            var expectedTexts = arguments.Select(Text);
            var actualTexts = actual.GetArguments().Select(Text);
            if (!expectedTexts.SequenceEqual(actualTexts))
                yield return $"arguments: expected ({string.Join(", ", expectedTexts)}), was ({string.Join(", ", actualTexts)})";
        }

        if (expected.IsSuppressed is { } isSuppressed && isSuppressed != actual.IsSuppressed)
            yield return isSuppressed ? "expected to be suppressed, was not" : "expected not to be suppressed, was";
    }

    private static IEnumerable<string> LocationDifferences(DiagnosticResult expected, Diagnostic actual)
    {
        if (!expected.HasLocation)
        {
            if (actual.Location != Location.None)
                yield return $"location: expected none, was {actual.Location.GetLineSpan()}";
            yield break;
        }

        if (Difference(expected.Spans[0], actual.Location) is { } primary)
            yield return $"location: {primary}";
        if (expected.Options.HasFlag(DiagnosticOptions.IgnoreAdditionalLocations))
            yield break;

        var additional = actual.AdditionalLocations;
        if (expected.Spans.Length - 1 != additional.Count)
        {
            yield return $"additional locations: expected {expected.Spans.Length - 1}, was {additional.Count}";
            yield break;
        }

        for (int i = 0; i < additional.Count; i++)
        {
            if (Difference(expected.Spans[i + 1], additional[i]) is { } difference)
                yield return $"additional location {i + 1}: {difference}";
        }
    }

    private static string? Difference(DiagnosticLocation expected, Location actual)
    {
        var (expectedSpan, actualSpan) = (expected.Span, actual.GetLineSpan());
        bool ignoresLength = expected.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength);
        bool equal = expectedSpan.Path == (actualSpan.Path ?? "")
            && expectedSpan.StartLinePosition == actualSpan.StartLinePosition
            && (ignoresLength || expectedSpan.EndLinePosition == actualSpan.EndLinePosition);
        if (equal)
            return null;
        return $"expected {Print(expectedSpan, ignoresLength)}, was {Print(actualSpan, ignoresLength)}";
    }

    private static string Print(FileLinePositionSpan span, bool ignoresLength)
    {
        string start = $"{span.Path}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1}";
        return ignoresLength ? $"{start})" : $"{start})-({span.EndLinePosition.Line + 1},{span.EndLinePosition.Character + 1})";
    }

    private static string Text(object? argument) => argument?.ToString() ?? "";
}
