using GradLint.CodeFixes.Models;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace GradLint.CodeFixes.Refactorings;

/// <summary>Draws every weight of a model so that it fits the activation it feeds.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(InitializeForActivations))]
public sealed class InitializeForActivations : ModelRefactoring
{
    private protected override IEnumerable<(string Key, string Title, ModelEdit Edit)> Edits(AnalysedModel model)
    {
        var weights = FittingInitialization.FedActivations(model.Graph).Keys.ToArray();
        if (FittingInitialization.Missing(model.Graph, weights) is { Count: > 0 } missing)
            yield return ("GradLint.initialize", "Initialize for its activations", new(null, [], missing, [], []));
    }
}
