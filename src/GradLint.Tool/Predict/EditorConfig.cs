using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Tool.Predict;

/// <summary>GradLint's settings in <c>.editorconfig</c> and global config files, by source file, as the compiler would hand them to the rules.</summary>
internal sealed class EditorConfig
{
    private const string FileName = ".editorconfig";

    private readonly AnalyzerConfigSet _configs;

    private EditorConfig(IEnumerable<string> files) =>
        _configs = AnalyzerConfigSet.Create(files.Where(File.Exists).Select(file => AnalyzerConfig.Parse(File.ReadAllText(file), file)).ToArray());

    public static EditorConfig OfFiles(IEnumerable<string> files) => new(files);

    /// <summary>Those that hold for a folder: in it, above it, and below it where what is below is read too.</summary>
    public static EditorConfig Around(string folder, bool readsBelow)
    {
        // Names that begin with a dot count as hidden.
        var all = new EnumerationOptions { RecurseSubdirectories = readsBelow, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        var files = Directory.EnumerateFiles(folder, FileName, all).ToList();
        for (var above = Directory.GetParent(Path.GetFullPath(folder)); above is not null; above = above.Parent)
            files.Add(Path.Combine(above.FullName, FileName));
        return new(files.Select(Path.GetFullPath));
    }

    public GradLintOptions Read(string sourceFile) => GradLintOptions.Read(ValuesFor(sourceFile));

    /// <summary>The settings as the rules ask for them.</summary>
    public AnalyzerConfigOptionsProvider Options => new OptionsProvider(this);

    /// <summary>The severities that they give to rules.</summary>
    public SyntaxTreeOptionsProvider Severities => new SeverityProvider(_configs);

    private Values ValuesFor(string sourceFile)
    {
        var own = _configs.GetOptionsForSourcePath(Path.GetFullPath(sourceFile)).AnalyzerOptions;
        return new(_configs.GlobalConfigOptions.AnalyzerOptions.SetItems(own));
    }

    private sealed class OptionsProvider(EditorConfig config) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(config._configs.GlobalConfigOptions.AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => config.ValuesFor(tree.FilePath);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => config.ValuesFor(textFile.Path);
    }

    private sealed class SeverityProvider(AnalyzerConfigSet configs) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            configs.GetOptionsForSourcePath(Path.GetFullPath(tree.FilePath)).TreeOptions.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            configs.GlobalConfigOptions.TreeOptions.TryGetValue(diagnosticId, out severity);
    }

    private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
