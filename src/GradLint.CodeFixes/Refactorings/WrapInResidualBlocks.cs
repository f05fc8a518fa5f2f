using GradLint.CodeFixes.Models;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace GradLint.CodeFixes.Refactorings;

/// <summary>Puts a residual connection around every layer of a model that keeps the shape of its input.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(WrapInResidualBlocks))]
public sealed class WrapInResidualBlocks : ModelRefactoring
{
    private protected override IEnumerable<(string Key, string Title, ModelEdit Edit)> Edits(AnalysedModel model)
    {
        if (ShortcutBlock.In(model.Graph, Shortcut.Residual) is { Count: > 0 } blocks)
            yield return ("GradLint.residual", "Wrap in residual blocks", new(null, [], new Dictionary<int, FittingInitialization>(), [], blocks));
    }
}
