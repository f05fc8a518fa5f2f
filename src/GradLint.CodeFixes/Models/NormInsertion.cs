using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.CodeFixes.Models;

internal static class NormInsertion
{
    public static Task<IReadOnlyList<EditStep>?> PlanAsync(AnalysedModel model, ModelEdit edit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EditStep>?>(edit.Norms.Count == 0 ? [] : null);
}
