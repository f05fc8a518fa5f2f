using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Takes markup out of the files of a solution, and collects the diagnostics and keyed spans that it stands for.</summary>
internal sealed class MarkupReader(
    MarkupMode mode,
    MarkupOptions options,
    DiagnosticDescriptor? defaultDiagnostic,
    ImmutableArray<DiagnosticDescriptor> supportedDiagnostics,
    ImmutableArray<string> fixableDiagnostics)
{
    public List<DiagnosticResult> Diagnostics { get; } = [];

    public Dictionary<string, FileLinePositionSpan> SpansByKey { get; } = [];

    public (string filename, SourceText content) Read((string filename, SourceText content) file)
    {
        if (mode == MarkupMode.None)
            return file;

        string output;
        ImmutableArray<int> positions = [];
        ImmutableDictionary<string, ImmutableArray<TextSpan>> spans;
        if (options.HasFlag(MarkupOptions.TreatPositionIndicatorsAsCode))
            TestFileMarkupParser.GetSpans(file.content.ToString(), treatPositionIndicatorsAsCode: true, out output, out spans);
        else
            TestFileMarkupParser.GetPositionsAndSpans(file.content.ToString(), out output, out positions, out spans);

        var text = SourceText.From(output, file.content.Encoding, file.content.ChecksumAlgorithm);
        if (mode != MarkupMode.Ignore)
        {
            foreach (int position in positions)
            {
                if (ExpectationFor("") is { } expected)
                    Diagnostics.Add(expected.WithLocation(file.filename, text.Lines.GetLinePosition(position)));
            }

            foreach (var (name, named) in spans.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                foreach (var span in named)
                    Add(name, new FileLinePositionSpan(file.filename, text.Lines.GetLinePositionSpan(span)));
            }
        }

        return (file.filename, text);
    }

    private void Add(string name, FileLinePositionSpan span)
    {
        if (name.StartsWith('#'))
        {
            if (!SpansByKey.TryAdd(name, span))
                throw new InvalidOperationException($"Markup key '{name}' marks more than one span; the second is in '{span.Path}'.");
        }
        else if (ExpectationFor(name) is { } expected)
        {
            Diagnostics.Add(expected.WithSpan(span));
        }
    }

    /// <summary>The diagnostic that markup named <paramref name="id"/> expects; null when it is to be ignored.</summary>
    private DiagnosticResult? ExpectationFor(string id)
    {
        var descriptor = id.Length == 0 ? DefaultDescriptor() : DescriptorOf(id);
        string effectiveId = descriptor?.Id ?? id;
        if (mode == MarkupMode.IgnoreFixable && fixableDiagnostics.Contains(effectiveId))
            return null;

        // An id that no analyzer under test has is a compiler's.
        var result = descriptor is null ? DiagnosticResult.CompilerError(effectiveId) : new DiagnosticResult(descriptor);
        return result
            .WithMessage(null)
            .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations | DiagnosticOptions.IgnoreSeverity);
    }

    private DiagnosticDescriptor DefaultDescriptor() => defaultDiagnostic ?? throw new InvalidOperationException(
        "Markup without a diagnostic id needs an analyzer with exactly one diagnostic. Write {|ID:…|}, "
        + $"set {nameof(MarkupOptions)}.{nameof(MarkupOptions.UseFirstDescriptor)}, or override GetDefaultDiagnostic.");

    private DiagnosticDescriptor? DescriptorOf(string id)
    {
        var descriptors = supportedDiagnostics.Where(descriptor => descriptor.Id == id).ToArray();
        if (descriptors.Length > 1 && !options.HasFlag(MarkupOptions.UseFirstDescriptor))
        {
            throw new InvalidOperationException(
                $"{descriptors.Length} diagnostics have the id {id} that markup names. Give the descriptor in a {nameof(DiagnosticResult)}, "
                + $"or set {nameof(MarkupOptions)}.{nameof(MarkupOptions.UseFirstDescriptor)}.");
        }

        return descriptors.FirstOrDefault();
    }
}
