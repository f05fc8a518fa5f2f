using System.Text.RegularExpressions;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradLint.Analyzers.Tests.Framework;

/// <summary>The programs on the rules' pages compile; the first has the fault, the second has not.</summary>
public partial class DocumentationTests
{
    /// <summary>Begins the ids of rules about GradLint's own files: the fault is not in the program.</summary>
    private const string NoFaultInTheProgram = "GL0";

    public static TheoryData<string> Pages => [.. Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "GL*.md")
        .Select(path => Path.GetFileNameWithoutExtension(path)!)
        .Where(id => AllAnalyzers.Descriptors.Any(rule => rule.Id == id) && !id.StartsWith(NoFaultInTheProgram, StringComparison.Ordinal))
        .Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Example_HasTheFault(string id) => Assert.Contains(await FindingsAsync(id, "Example"), finding => finding.Id == id);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Mended_HasNoFault(string id) =>
        Assert.DoesNotContain(await FindingsAsync(id, "Mended"), finding => finding.Id == id || finding.Severity >= DiagnosticSeverity.Warning);

    private static async Task<IEnumerable<Diagnostic>> FindingsAsync(string id, string section)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules", $"{id}.md"));
        var program = Program().Matches(page).Single(match => match.Groups["section"].Value == section).Groups["code"].Value;
        SyntaxTree[] trees = [AllAnalyzers.Parse(program), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")];
        var errors = AllAnalyzers.Compile(trees).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(errors);
        return await AllAnalyzers.DiagnosticsAsync(trees);
    }

    [GeneratedRegex(@"^## (?<section>\w+)\s+```csharp\r?\n(?<code>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Program();
}
