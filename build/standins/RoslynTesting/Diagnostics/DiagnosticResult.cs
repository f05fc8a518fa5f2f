using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>An expected diagnostic. What is not said about it is not checked.</summary>
public readonly struct DiagnosticResult
{
    public static readonly DiagnosticResult[] EmptyDiagnosticResults = [];

    private readonly ImmutableArray<DiagnosticLocation> spans;

    /// <summary>An expectation of <paramref name="id"/> at <paramref name="severity"/> with any message.</summary>
    public DiagnosticResult(string id, DiagnosticSeverity severity) : this()
    {
        Id = id;
        Severity = severity;
    }

    /// <summary>An expectation with the id, default severity and message format of <paramref name="descriptor"/>.</summary>
    public DiagnosticResult(DiagnosticDescriptor descriptor) : this()
    {
        Id = descriptor.Id;
        Severity = descriptor.DefaultSeverity;
        MessageFormat = descriptor.MessageFormat;
    }

    /// <summary>The primary location, then the additional ones; empty for a diagnostic without location.</summary>
    public ImmutableArray<DiagnosticLocation> Spans
    {
        get => spans.IsDefault ? [] : spans;
        private init => spans = value;
    }

    public DiagnosticSeverity Severity { get; private init; }

    public DiagnosticOptions Options { get; private init; }

    public string Id { get; private init; }

    public LocalizableString? MessageFormat { get; private init; }

    public object?[]? MessageArguments { get; private init; }

    public bool? IsSuppressed { get; private init; }

    public bool HasLocation => !Spans.IsEmpty;

    /// <summary>The message expected, or null when any will do.</summary>
    public string? Message
    {
        get
        {
            if (AnyMessage)
                return null;
            if (ExplicitMessage is not null)
                return ExplicitMessage;
            if (MessageFormat is null)
                return null;

            string format = MessageFormat.ToString();
            try
            {
                return string.Format(CultureInfo.CurrentCulture, format, MessageArguments ?? []);
            }
            catch (FormatException)
            {
                return format;
            }
        }
    }

    private string? ExplicitMessage { get; init; }

    private bool AnyMessage { get; init; }

    public static DiagnosticResult CompilerError(string identifier) => new(identifier, DiagnosticSeverity.Error);

    public static DiagnosticResult CompilerWarning(string identifier) => new(identifier, DiagnosticSeverity.Warning);

    public DiagnosticResult WithSeverity(DiagnosticSeverity severity) => this with { Severity = severity };

    public DiagnosticResult WithOptions(DiagnosticOptions options) => this with { Options = options };

    public DiagnosticResult WithArguments(params object[] arguments) => this with { MessageArguments = arguments };

    /// <summary>Expects exactly <paramref name="message"/>; null accepts any.</summary>
    public DiagnosticResult WithMessage(string? message) => this with { ExplicitMessage = message, AnyMessage = message is null };

    public DiagnosticResult WithMessageFormat(LocalizableString messageFormat) => this with { MessageFormat = messageFormat };

    public DiagnosticResult WithIsSuppressed(bool? isSuppressed) => this with { IsSuppressed = isSuppressed };

    public DiagnosticResult WithNoLocation() => this with { Spans = [] };

    public DiagnosticResult WithLocation(int line, int column) => WithLocation(path: "", line, column);

    public DiagnosticResult WithLocation(LinePosition location) => WithLocation(path: "", location);

    public DiagnosticResult WithLocation(string path, int line, int column) => WithLocation(path, new LinePosition(line - 1, column - 1));

    public DiagnosticResult WithLocation(string path, LinePosition location) => WithLocation(path, location, DiagnosticLocationOptions.None);

    public DiagnosticResult WithLocation(string path, LinePosition location, DiagnosticLocationOptions options)
        => WithSpan(new FileLinePositionSpan(path, location, location), options | DiagnosticLocationOptions.IgnoreLength);

    /// <summary>At the span that the source marks with <c>{|#key:…|}</c>.</summary>
    public DiagnosticResult WithLocation(int markupKey) => WithLocation(markupKey, DiagnosticLocationOptions.None);

    public DiagnosticResult WithLocation(int markupKey, DiagnosticLocationOptions options)
    {
        var key = new LinePosition(0, markupKey);
        return WithSpan(new FileLinePositionSpan("", key, key), options | DiagnosticLocationOptions.InterpretAsMarkupKey);
    }

    /// <summary>Lines and columns count from 1; the end column is the one after the last character.</summary>
    public DiagnosticResult WithSpan(int startLine, int startColumn, int endLine, int endColumn)
        => WithSpan(path: "", startLine, startColumn, endLine, endColumn);

    public DiagnosticResult WithSpan(string path, int startLine, int startColumn, int endLine, int endColumn)
        => WithSpan(new FileLinePositionSpan(path, new LinePosition(startLine - 1, startColumn - 1), new LinePosition(endLine - 1, endColumn - 1)));

    public DiagnosticResult WithSpan(FileLinePositionSpan span) => WithSpan(span, DiagnosticLocationOptions.None);

    public DiagnosticResult WithSpan(FileLinePositionSpan span, DiagnosticLocationOptions options)
        => this with { Spans = Spans.Add(new DiagnosticLocation(span, options)) };

    /// <summary>Puts locations that name no file into <paramref name="path"/>.</summary>
    public DiagnosticResult WithDefaultPath(string path) => MapSpans(location =>
        location.Span.Path.Length > 0 || location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey)
            ? location
            : new DiagnosticLocation(new FileLinePositionSpan(path, location.Span.Span), location.Options));

    public DiagnosticResult WithLineOffset(int offset) => MapSpans(location =>
    {
        var span = location.Span;
        var start = new LinePosition(span.StartLinePosition.Line + offset, span.StartLinePosition.Character);
        var end = new LinePosition(span.EndLinePosition.Line + offset, span.EndLinePosition.Character);
        return new DiagnosticLocation(new FileLinePositionSpan(span.Path, start, end), location.Options);
    });

    /// <summary>Replaces markup keys by the spans that the sources gave them.</summary>
    internal DiagnosticResult WithMarkupKeysResolved(IReadOnlyDictionary<string, FileLinePositionSpan> spansByKey) => MapSpans(location =>
    {
        if (!location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey))
            return location;
        string key = $"#{location.Span.StartLinePosition.Character}";
        if (!spansByKey.TryGetValue(key, out var span))
            throw new InvalidOperationException($"A diagnostic is expected at markup location '{key}', which no source has. Mark it with {{|{key}:…|}}.");
        return new DiagnosticLocation(span, location.Options & ~DiagnosticLocationOptions.InterpretAsMarkupKey);
    });

    public override string ToString()
    {
        var text = new StringBuilder();
        if (HasLocation)
        {
            var (span, options) = (Spans[0].Span, Spans[0].Options);
            text.Append(span.Path.Length == 0 ? "?" : span.Path)
                .Append($"({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1}");
            if (!options.HasFlag(DiagnosticLocationOptions.IgnoreLength))
                text.Append($",{span.EndLinePosition.Line + 1},{span.EndLinePosition.Character + 1}");
            text.Append("): ");
        }

        text.Append(Severity.ToString().ToLowerInvariant()).Append(' ').Append(Id);
        if (Message is { } message)
            text.Append(": ").Append(message);
        return text.ToString();
    }

    private DiagnosticResult MapSpans(Func<DiagnosticLocation, DiagnosticLocation> map)
        => this with { Spans = [.. Spans.Select(map)] };
}
