using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL5002: the calls of a training step come in an order in which one undoes the other: gradients cleared between the
/// backward and the step, a step with no backward before it, a scheduler's step before the optimizer's.
/// </summary>
internal sealed class StepOutOfOrder : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.StepOutOfOrder,
        "Training step out of order",
        "'{0}' is out of order: {1}",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.StepOutOfOrder));

    private readonly record struct Finding(TrainingEvent Misplaced, TrainingEvent? Anchor, string? Place, string Message);

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        var findings = context.Steps.Select(step => OfStep(step, context)).Concat(context.Events(TrainingEventKind.SchedulerStep).Select(step => OfScheduler(step, context)));
        var reported = new HashSet<SyntaxNode>();
        foreach (var finding in findings.OfType<Finding>())
        {
            if (!reported.Add(finding.Misplaced.Operation.Syntax))
                continue;
            context.Report(MoveProperties.Diagnostic(Rule, finding.Misplaced.Operation, finding.Anchor?.Operation, finding.Place, finding.Misplaced.Operation.Syntax.ToString(), finding.Message));
        }
    }

    private static Finding? OfStep(TrainingStep step, TrainingLoopContext context)
    {
        TrainingEvent? clearing = null;
        var verdict = TraceWalk.Backward(step.Event, item =>
        {
            if (step.SurelyClears(item))
            {
                clearing = item;
                return Verdict.Found;
            }

            return item.Kind is TrainingEventKind.Backward or TrainingEventKind.Unknown or TrainingEventKind.GradientWritten ? Verdict.Stopped : Verdict.Pass;
        });
        if (verdict == Verdict.Stopped)
            return null;
        if (verdict == Verdict.Pass || step.Loop is not { } loop)
            return WithoutBackward(step, context);

        var (optimizer, clears) = (step.Event.Operation.Syntax, clearing!.Operation.Syntax);
        var events = loop.Events.ToList();
        var backward = events.FindIndex(item => item.Kind == TrainingEventKind.Backward);
        if (backward < events.IndexOf(clearing))
        {
            var message = $"it clears the gradients between the backward and '{optimizer}', which has nothing left to apply; clear them before the backward";
            return context.Contains(clears)
                ? new(clearing, events[backward], MoveProperties.Before, message)
                : new(step.Event, null, null, $"'{clears}' clears the gradients between the backward and this step; clear them before the backward");
        }

        var last = events.FindLast(item => item.Kind == TrainingEventKind.Backward);
        return new(step.Event, last, MoveProperties.After, "it runs before the backward of its batch, on gradients that are all zero; step after the backward");
    }

    /// <summary>A loop that runs the model and steps, in a program that sees its optimizer made and never a backward.</summary>
    private static Finding? WithoutBackward(TrainingStep step, TrainingLoopContext context)
    {
        var all = step.Event.Trace;
        var isClosed = all.Events.Any(item => item.Kind == TrainingEventKind.OptimizerCreation && item.Subject.IsSurely(step.Optimizer))
            && !all.Events.Any(item => item.Kind is TrainingEventKind.Backward or TrainingEventKind.Unknown or TrainingEventKind.GradientWritten);
        return isClosed && step.Event.Loops.Any(loop => loop.Operation.Descendants().Any(operation => IsForward(operation, context.Types)))
            ? new(step.Event, null, null, "no backward runs before it, so there is no gradient to apply; call 'backward()' on the loss first")
            : null;
    }

    private static bool IsForward(IOperation operation, KnownTypes types) =>
        operation is IInvocationOperation { TargetMethod: { Name: TorchSharpNames.ModuleMembers.Call or TorchSharpNames.ModuleMembers.Forward } method }
        && types.IsModule(method.ContainingType);

    private static Finding? OfScheduler(TrainingEvent scheduler, TrainingLoopContext context)
    {
        // step(metric) of ReduceLROnPlateau has its own place.
        var call = (IInvocationOperation)scheduler.Operation;
        if (call.TargetMethod.Parameters.Length > 0
            || scheduler.Loops.FirstOrDefault() is not { } loop
            || !AlwaysRuns(scheduler, loop)
            || OptimizerOf(scheduler.Subject, context) is not { } optimizer)
        {
            return null;
        }

        var events = scheduler.Trace.Events.ToList();
        var own = events.IndexOf(scheduler);
        var first = events.FindIndex(item => item.Kind == TrainingEventKind.Step && item.Subject.MayBe(optimizer) || item.Kind == TrainingEventKind.Unknown);
        if (first < own || events[first].Kind != TrainingEventKind.Step || !events[first].Subject.IsSurely(optimizer) || !events[first].Loops.Contains(loop))
            return null;
        return new(scheduler, events[first], MoveProperties.After,
            $"it runs before the optimizer's first step, so the first learning rate of the schedule is never used; call it after '{events[first].Operation.Syntax}'");
    }

    private static bool AlwaysRuns(TraceNode node, TraceLoop loop)
    {
        for (var owner = node.Owner.Owner; owner is not null && owner != loop; owner = owner.Owner.Owner)
        {
            if (owner is not TraceBranch { IsRest: true })
                return false;
        }

        return true;
    }

    private static Origin? OptimizerOf(Origin scheduler, TrainingLoopContext context) =>
        !scheduler.IsUnknown && scheduler.Sites.Count == 1 && scheduler.Sites[0].Value is { Operation: IInvocationOperation { Arguments.Length: > 0 } made } value
        && context.Types.IsOptimizer(made.Arguments[0].Parameter?.Type)
            ? context.Origins.Of(made.Arguments[0].Value, value.Frame)
            : null;
}
