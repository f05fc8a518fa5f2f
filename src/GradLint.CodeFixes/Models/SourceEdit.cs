using GradLint.CodeFixes.Framework;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.CodeFixes.Models;

/// <summary>A step of an edit of the code; it may touch several documents.</summary>
internal delegate Task EditStep(SolutionEdit edit, CancellationToken cancellationToken);

/// <summary>What an edit of a model means for the code that constructs and applies it.</summary>
internal sealed class SourceEdit
{
    private readonly IReadOnlyList<EditStep> _steps;

    private SourceEdit(IReadOnlyList<EditStep> steps) => _steps = steps;

    public async Task ApplyAsync(SolutionEdit edit, CancellationToken cancellationToken)
    {
        foreach (var step in _steps)
            await step(edit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null where the code is not in a form that the edit can be made in, or does not become what is meant.</summary>
    public static async Task<SourceEdit?> PlanAsync(AnalysedModel model, ModelEdit edit, CancellationToken cancellationToken)
    {
        if (edit.Blocks.Count == 0)
            return await PlanAsync(model, edit, null, cancellationToken).ConfigureAwait(false);
        foreach (var wrapper in WrapperClass.Choices(model.Site.Model.Compilation, edit.Blocks[0].Shortcut))
        {
            if (await PlanAsync(model, edit, wrapper, cancellationToken).ConfigureAwait(false) is { } plan)
                return plan;
        }

        return null;
    }

    private static async Task<SourceEdit?> PlanAsync(AnalysedModel model, ModelEdit edit, WrapperClass? wrapper, CancellationToken cancellationToken)
    {
        // Innermost first: a later step takes what an earlier one made of a node.
        if (await ActivationSwap.PlanAsync(model, edit, cancellationToken).ConfigureAwait(false) is not { } swap
            || await NormInsertion.PlanAsync(model, edit, cancellationToken).ConfigureAwait(false) is not { } norms
            || await ShortcutInsertion.PlanAsync(model, edit, wrapper, cancellationToken).ConfigureAwait(false) is not { } shortcuts)
        {
            return null;
        }

        SourceEdit structure = new([.. swap, .. norms, .. shortcuts]);
        if (edit.Initializations.Count == 0)
            return await IsMeantAsync(structure, isInPlace: false).ConfigureAwait(false) ? structure : null;

        // Inserted layers shift the names of others, which the initialisation may have to go by.
        var named = norms.Count + shortcuts.Count == 0 ? model : await EditTrial.ResultAsync(model, structure, cancellationToken).ConfigureAwait(false);
        if (named is null)
            return null;
        foreach (var (isInPlace, initialize) in InitializationEdit.Plans(model, edit, named.Graph, cancellationToken))
        {
            if (await initialize().ConfigureAwait(false) is { } initialization
                && new SourceEdit([.. structure._steps, .. initialization]) is var plan && await IsMeantAsync(plan, isInPlace).ConfigureAwait(false))
            {
                return plan;
            }
        }

        return null;

        // What draws the weights of models that cannot be predicted is left alone: these weights can be drawn elsewhere.
        async Task<bool> IsMeantAsync(SourceEdit plan, bool isInPlace) =>
            await EditTrial.ResultAsync(model, plan, cancellationToken).ConfigureAwait(false) is { } result && EditTrial.IsAlike(edit.Applied(model.Graph), result.Graph)
            && await OtherModels.StayWellAsync(model, plan, result.Solution, ofUnknown: !isInPlace, cancellationToken).ConfigureAwait(false);
    }
}
