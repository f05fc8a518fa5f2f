using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL5007: a model is moved after its optimizer was made. Moving replaces the parameters, and the optimizer keeps those
/// that it was given.
/// </summary>
internal sealed class ModelMovedAfterOptimizer : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ModelMovedAfterOptimizer,
        "Model is moved after its optimizer was made",
        "'{0}' replaces the parameters that '{1}' was given, so its step fails or trains nothing: move the model before making the optimizer",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ModelMovedAfterOptimizer));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var move in context.Events(TrainingEventKind.Move))
        {
            if (reported.Contains(move.Operation.Syntax) || move.Subject.IsUnknown || move.Subject.Sites.Any(site => IsMadeOnADevice(site, context)))
                continue;
            var events = move.Trace.Events.ToList();
            var own = events.IndexOf(move);
            var made = events.FindLastIndex(own, item => item.Kind == TrainingEventKind.OptimizerCreation && Trains(item.Subject, move, context));
            if (made < 0
                || events.Take(made).Any(item => item.Kind == TrainingEventKind.Move && item.Subject.MayBe(move.Subject))
                || events.Skip(own).Any(item => item.Kind == TrainingEventKind.OptimizerCreation && Trains(item.Subject, move, context))
                || !events.Skip(own).Any(item => item.Kind == TrainingEventKind.Step && item.Subject.IsSurely(events[made].Subject)))
            {
                continue;
            }

            reported.Add(move.Operation.Syntax);
            context.Report(MoveProperties.Diagnostic(
                Rule, move.Operation, events[made].Operation, MoveProperties.Before, move.Operation.Syntax.ToString(), events[made].Operation.Syntax.ToString()));
        }
    }

    private static bool Trains(Origin optimizer, TrainingEvent move, TrainingLoopContext context) =>
        TrainedModels.OfOptimizer(optimizer, context.Origins, context.Types).Surely(move.Subject);

    /// <summary>A model constructed where it is wanted does not move any more.</summary>
    private static bool IsMadeOnADevice(OriginSite site, TrainingLoopContext context) =>
        (site.Value?.Operation switch
        {
            IObjectCreationOperation creation => creation.Arguments,
            IInvocationOperation call => call.Arguments,
            _ => System.Collections.Immutable.ImmutableArray<IArgumentOperation>.Empty,
        }).Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && context.Types.IsDevice(argument.Parameter?.Type));
}
