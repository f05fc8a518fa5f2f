using GradLint.CodeFixes.Framework;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.CodeFixes.Models;

/// <summary>Another activation in all the places of a chain, in the form that each is written in.</summary>
internal static class ActivationSwap
{
    /// <summary>Null when one of them is in a form that has no counterpart.</summary>
    public static async Task<IReadOnlyList<EditStep>?> PlanAsync(AnalysedModel model, ModelEdit edit, CancellationToken cancellationToken)
    {
        if (edit.Activation is not { } activation)
            return [];
        var steps = new List<EditStep>();
        foreach (var origin in edit.ReplacedActivations.Select(id => model.Graph.Nodes[id].Construction).Distinct())
        {
            if (await model.SiteAsync(origin, cancellationToken).ConfigureAwait(false) is not { } site
                || ActivationForm.At(site, cancellationToken) is not { } form
                || !form.Allows(activation, cancellationToken))
            {
                return null;
            }

            steps.Add(async (solution, token) =>
            {
                if (await solution.EditorAsync(form.Node.SyntaxTree, token).ConfigureAwait(false) is { } editor)
                    form.Replace(activation, solution, editor, token);
            });
        }

        return steps;
    }
}
