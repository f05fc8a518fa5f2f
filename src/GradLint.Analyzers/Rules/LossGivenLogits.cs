using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL1004: a loss that takes probabilities (<c>BCELoss</c>) or log-probabilities (<c>NLLLoss</c>) is given the output of a
/// linear layer, or the one in place of the other.
/// </summary>
internal sealed class LossGivenLogits : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.LossGivenLogits,
        "Loss is given logits where it wants probabilities",
        "'{0}' takes {1} and is given the {2} of '{3}', {4}: {5}",
        RuleCategory.Activation,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.LossGivenLogits));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        foreach (var loss in LossCall.In(context))
        {
            if (loss.Loss.Input is not (LossInput.Probabilities or LossInput.LogProbabilities) || context.Sources.Of(loss.Input) is not { } sources)
                continue;
            if (sources.All(source => IsUnbounded(source.Kind)))
                ReportLogits(loss, sources, context);
            else if (loss.Loss.Input == LossInput.LogProbabilities && sources.All(source => source.Kind == LayerKind.Softmax))
                Report(context, loss, sources, LossProperties.LogProbabilities, LossProperties.Probabilities, "so the loss has no logarithm in it and the gradient is squashed", "apply a log-softmax in its place");
            else if (loss.Loss.Input == LossInput.Probabilities && sources.All(source => source.Kind is LayerKind.LogSoftmax or LayerKind.LogSigmoid))
                Report(context, loss, sources, LossProperties.Probabilities, LossProperties.LogProbabilities, "which are negative", "leave the logarithm to the loss");
        }
    }

    private static void ReportLogits(LossCall loss, IReadOnlyList<TensorSource> sources, TrainingLoopContext context)
    {
        var right = LossTable.FromLogits(loss.Loss)!;
        var remedy = $"use '{(loss.IsModule ? right.Module : right.Function)}'";
        if (loss.Loss.Input == LossInput.Probabilities)
            Report(context, loss, sources, LossProperties.Probabilities, LossProperties.Logits, "of which it fails to take the logarithm", remedy);
        else
            Report(context, loss, sources, LossProperties.LogProbabilities, LossProperties.Logits, "so the loss falls without bound and its gradient never ends", remedy);
    }

    private static bool IsUnbounded(LayerKind kind) =>
        kind is LayerKind.Linear or LayerKind.Bilinear || LayerTable.Has(kind, LayerTraits.Convolution);

    /// <summary>Whether the local or private field that holds the loss does nothing but apply it, each time to logits.</summary>
    private static bool TakesOnlyLogits(LossCall loss, IOperation creation, TrainingLoopContext context)
    {
        var uses = loss.Call.Instance switch
        {
            { } instance when instance.Syntax == creation.Syntax => Enumerable.Empty<IOperation>(),
            ILocalReferenceOperation held => context.Operations.OfType<ILocalReferenceOperation>().Where(use => SymbolEqualityComparer.Default.Equals(use.Local, held.Local)),
            IFieldReferenceOperation { Field: { DeclaredAccessibility: Accessibility.Private } field } => context.Source.References(field, context.CancellationToken),
            _ => null,
        };
        return uses?.All(use => use.Parent is IAssignmentOperation assignment && ReferenceEquals(assignment.Target, use)
            || use.Parent is IInvocationOperation call && LossCall.At(call, context) is { } other && context.Sources.Of(other.Input)?.All(source => IsUnbounded(source.Kind)) == true) == true;
    }

    private static void Report(
        TrainingLoopContext context, LossCall loss, IReadOnlyList<TensorSource> sources, string wanted, string given, string consequence, string remedy)
    {
        var locations = sources.SelectMany(source => new[] { source.Construction, source.Use }).ToList();
        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(LossProperties.SourceLocations, $"{locations.Count}")
            .Add(LossProperties.Given, given)
            .Add(LossProperties.Loss, loss.Loss.Function);
        if (loss.Creation is { } creation)
        {
            locations.Add(creation.Syntax.GetLocation());
            if (given == LossProperties.Logits && TakesOnlyLogits(loss, creation, context))
                properties = properties.Add(LossProperties.TakesOnlyLogits, "");
        }

        context.Report(Diagnostic.Create(
            Rule, loss.Call.Syntax.GetLocation(), locations, properties,
            loss.Name, wanted, given, sources[0].Name, consequence, remedy));
    }
}
