namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Where a diagnostic is expected.</summary>
public readonly struct DiagnosticLocation(FileLinePositionSpan span, DiagnosticLocationOptions options)
{
    public FileLinePositionSpan Span { get; } = span;

    public DiagnosticLocationOptions Options { get; } = options;
}

/// <summary>How a <see cref="DiagnosticLocation"/> is read.</summary>
[Flags]
public enum DiagnosticLocationOptions
{
    None = 0,

    /// <summary>Only the start must match.</summary>
    IgnoreLength = 1,

    /// <summary>The span's start character is the key of a <c>{|#key:…|}</c> in the source.</summary>
    InterpretAsMarkupKey = 2,
}

/// <summary>What of a <see cref="DiagnosticResult"/> is left unchecked.</summary>
[Flags]
public enum DiagnosticOptions
{
    None = 0,
    IgnoreAdditionalLocations = 1,
    IgnoreSeverity = 2,
}
