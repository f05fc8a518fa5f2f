namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Which compiler diagnostics a test must list as expected.</summary>
public enum CompilerDiagnostics
{
    None,
    Errors,
    Warnings,
    Suggestions,
    All,
}

/// <summary>Checks that a test leaves out.</summary>
[Flags]
public enum TestBehaviors
{
    None = 0,

    /// <summary>That generated code gets no diagnostics (checked for analyzers that do not configure it themselves).</summary>
    SkipGeneratedCodeCheck = 1,

    /// <summary>That <c>#pragma warning disable</c> silences the diagnostics.</summary>
    SkipSuppressionCheck = 2,

    /// <summary>That source generators produce <see cref="ProjectState.GeneratedSources"/>.</summary>
    SkipGeneratedSourcesCheck = 4,
}

/// <summary>Checks that a code-fix test leaves out.</summary>
[Flags]
public enum CodeFixTestBehaviors
{
    None = 0,
    SkipFixAllInDocumentCheck = 1,
    SkipFixAllInProjectCheck = 2,
    SkipFixAllInSolutionCheck = 4,
    SkipFixAllCheck = SkipFixAllInDocumentCheck | SkipFixAllInProjectCheck | SkipFixAllInSolutionCheck,

    /// <summary>Fixes one diagnostic only.</summary>
    FixOne = 8,

    /// <summary>That diagnostics to be fixed are reported during analysis of their own file: only those reach the IDE's light bulb.</summary>
    SkipLocalDiagnosticCheck = 16,
}

/// <summary>How closely the tree made by a code action must match the tree parsed from its text.</summary>
public enum CodeActionValidationMode
{
    None,
    SemanticStructure,

    /// <summary>Trivia too.</summary>
    Full,
}

/// <summary>What markup in a source means.</summary>
public enum MarkupMode
{
    /// <summary>It is code.</summary>
    None,

    /// <summary>It is removed.</summary>
    Ignore,

    /// <summary>It is removed, and expects the diagnostics that no fix under test can fix.</summary>
    IgnoreFixable,

    /// <summary>It is removed, and expects diagnostics.</summary>
    Allow,
}

[Flags]
public enum MarkupOptions
{
    None = 0,

    /// <summary>Of several descriptors that markup could mean, take the first.</summary>
    UseFirstDescriptor = 1,

    /// <summary><c>$$</c> is code.</summary>
    TreatPositionIndicatorsAsCode = 2,
}

/// <summary>What a state takes over from the one before it (fixed from test, batch fixed from fixed).</summary>
public enum StateInheritanceMode
{
    /// <summary>What it leaves out, except fixable diagnostics.</summary>
    AutoInherit,

    /// <summary>Nothing.</summary>
    Explicit,

    /// <summary>What it leaves out.</summary>
    AutoInheritAll,
}
