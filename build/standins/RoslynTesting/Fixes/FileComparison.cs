using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Compares the files of a fixed project with the expected ones: their number, order, names, folders, text and encoding.</summary>
internal sealed class FileComparison(IVerifier verifier, Func<string, string, (string Name, IEnumerable<string> Folders)> splitPath)
{
    public async Task VerifyAsync(ProjectState expected, Project actual, CancellationToken cancellationToken)
    {
        var sources = new List<(TextDocument, SourceText)>();
        foreach (var document in actual.Documents)
            sources.Add((document, await FinalTextAsync(document, cancellationToken).ConfigureAwait(false)));
        Verify("source files", expected, expected.Sources, sources);
        Verify("additional files", expected, expected.AdditionalFiles, await TextsAsync(actual.AdditionalDocuments, cancellationToken).ConfigureAwait(false));
        Verify("analyzer config files", expected, expected.AnalyzerConfigFiles, await TextsAsync(actual.AnalyzerConfigDocuments, cancellationToken).ConfigureAwait(false));
    }

    private void Verify(string kind, ProjectState project, SourceFileCollection expected, List<(TextDocument Document, SourceText Text)> actual)
    {
        if (expected.Count != actual.Count)
        {
            verifier.Fail(
                $"Project '{project.Name}' was expected to have {expected.Count} {kind}, but has {actual.Count}. Diff from expected (-) to actual (+):{Environment.NewLine}"
                + LineDiff.Render(string.Join('\n', expected.Select(file => file.filename)), string.Join('\n', actual.Select(file => file.Document.FilePath ?? file.Document.Name))));
        }

        for (int i = 0; i < actual.Count; i++)
            Verify(project, expected[i], actual[i]);
    }

    private void Verify(ProjectState project, (string Path, SourceText Text) expected, (TextDocument Document, SourceText Text) actual)
    {
        verifier.EqualOrDiff(expected.Text.ToString(), actual.Text.ToString(), $"The text of '{expected.Path}' is not as expected. Diff from expected (-) to actual (+):");
        verifier.Equal(expected.Text.Encoding, actual.Text.Encoding, $"The encoding of '{expected.Path}' was expected to be '{expected.Text.Encoding?.WebName}', but is '{actual.Text.Encoding?.WebName}'.");
        verifier.Equal(expected.Text.ChecksumAlgorithm, actual.Text.ChecksumAlgorithm, $"The checksum algorithm of '{expected.Path}' was expected to be {expected.Text.ChecksumAlgorithm}, but is {actual.Text.ChecksumAlgorithm}.");
        var (name, folders) = splitPath(project.DefaultPrefix, expected.Path);
        verifier.Equal(name, actual.Document.Name, $"A file was expected to be named '{name}', but is named '{actual.Document.Name}'.");
        verifier.SequenceEqual(folders, actual.Document.Folders, message: $"'{name}' was expected in folder '{string.Join('/', folders)}', but is in '{string.Join('/', actual.Document.Folders)}'.");
    }

    /// <summary>The text after the simplifying and formatting that the code action asked for by annotations.</summary>
    private static async Task<SourceText> FinalTextAsync(Document document, CancellationToken cancellationToken)
    {
        var simplified = await Simplifier.ReduceAsync(document, Simplifier.Annotation, cancellationToken: cancellationToken).ConfigureAwait(false);
        var formatted = await Formatter.FormatAsync(simplified, Formatter.Annotation, cancellationToken: cancellationToken).ConfigureAwait(false);
        return await formatted.GetTextAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<(TextDocument, SourceText)>> TextsAsync(IEnumerable<TextDocument> documents, CancellationToken cancellationToken)
    {
        var texts = new List<(TextDocument, SourceText)>();
        foreach (var document in documents)
            texts.Add((document, await document.GetTextAsync(cancellationToken).ConfigureAwait(false)));
        return texts;
    }
}
