using GradLint.CodeFixes.Models;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace GradLint.CodeFixes.Refactorings;

/// <summary>Puts a norm of the right width before every activation of a model that has none.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(InsertNormalization))]
public sealed class InsertNormalization : ModelRefactoring
{
    private protected override IEnumerable<(string Key, string Title, ModelEdit Edit)> Edits(AnalysedModel model)
    {
        foreach (var family in new[] { Normalization.Layer, Normalization.Batch })
        {
            if (InsertedNorm.Places(model.Graph, family) is not { Count: > 0 } norms)
                continue;
            var kinds = string.Join("/", norms.Select(norm => norm.Kind).Distinct());
            yield return ($"GradLint.{new RemedyRecipe(Normalization: family).Key}", $"Insert normalization ({kinds})", new(null, [], new Dictionary<int, FittingInitialization>(), norms, []));
        }
    }
}
