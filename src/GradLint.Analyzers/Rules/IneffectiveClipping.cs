using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL3002: clipping that does nothing: on gradients that have just been cleared, on gradients that are cleared before the
/// next step, or at a threshold that is no threshold.
/// </summary>
internal sealed class IneffectiveClipping : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.IneffectiveClipping,
        "Clipping that has no effect",
        "'{0}' has no effect on training: {1}",
        RuleCategory.Recurrence,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.IneffectiveClipping));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var clip in context.Events(TrainingEventKind.Clip))
        {
            var call = (IInvocationOperation)clip.Operation;
            if (reported.Contains(call.Syntax))
                continue;
            if (!CheckThreshold(call, context) && !CheckOrder(clip, call, context))
                continue;
            reported.Add(call.Syntax);
        }
    }

    private static bool CheckThreshold(IInvocationOperation call, TrainingLoopContext context)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 1) is not { } threshold
            || threshold.Value.ConstantValue is not { HasValue: true, Value: { } value })
        {
            return false;
        }

        var why = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) switch
        {
            double.NaN => "its threshold is not a number",

            // Clipping at infinity is how to ask for the norm.
            double.PositiveInfinity when !IsUsed(call) => "its threshold is infinite",
            0 => "a threshold of 0 sets every gradient to 0",
            < 0 => "a negative threshold turns every gradient around",
            _ => null,
        };
        if (why is null)
            return false;
        var properties = ImmutableDictionary<string, string?>.Empty.Add(ClipProperties.Norm, ClipProperties.Literal(context.Options.ClipNorm));
        context.Report(Diagnostic.Create(Rule, threshold.Value.Syntax.GetLocation(), properties, call.Syntax.ToString(), why + "; give it a positive number"));
        return true;
    }

    private static bool CheckOrder(TrainingEvent clip, IInvocationOperation call, TrainingLoopContext context)
    {
        var clipped = TrainedModels.OfParameters(call.Arguments.FirstOrDefault()?.Value, clip.Frame, context.Origins, context.Types);
        if (clipped.IsUnknown || clipped.Modules.Count != 1 || clip.Loops.FirstOrDefault(item => item.Events.Any(other => other.Kind == TrainingEventKind.Backward)) is not { } loop)
            return false;

        TrainingEvent? before = null;
        if (TraceWalk.Backward(clip, item => Judge(item, TrainingEventKind.Step, TrainingEventKind.ZeroGrad)) != Verdict.Found)
            return false;
        var events = loop.Events.ToList();
        var own = events.IndexOf(clip);
        if (before!.Kind == TrainingEventKind.ZeroGrad)
        {
            var backward = events.FindIndex(own, item => item.Kind == TrainingEventKind.Backward);
            if (backward < 0)
                return false;
            context.Report(MoveProperties.Diagnostic(Rule, call, events[backward].Operation, MoveProperties.After, call.Syntax.ToString(),
                "the gradients are still zero here; clip between backward and step"));
            return true;
        }

        var step = before;
        if (IsUsed(call) || TraceWalk.Forward(clip, item => Judge(item, TrainingEventKind.ZeroGrad)) != Verdict.Found)
            return false;
        context.Report(MoveProperties.Diagnostic(Rule, call, step.Operation, MoveProperties.Before, call.Syntax.ToString(),
            "the step has been made and the gradients are cleared before the next; clip between backward and step"));
        return true;

        Verdict Judge(TrainingEvent item, params TrainingEventKind[] wanted)
        {
            switch (item.Kind)
            {
                case TrainingEventKind.Backward or TrainingEventKind.Unknown or TrainingEventKind.GradientWritten:
                    return Verdict.Stopped;
                case TrainingEventKind.Step or TrainingEventKind.ZeroGrad:
                    var models = context.Types.IsOptimizer(((IInvocationOperation)item.Operation).TargetMethod.ContainingType)
                        ? TrainedModels.OfOptimizer(item.Subject, context.Origins, context.Types)
                        : new([new(item.Subject, null, item.Operation.Syntax)], IsUnknown: false);
                    if (!models.MayShare(clipped))
                        return Verdict.Pass;
                    if (!wanted.Contains(item.Kind) || !models.Surely(clipped.Modules[0].Origin))
                        return Verdict.Stopped;
                    before = item;
                    return Verdict.Found;
                default:
                    return Verdict.Pass;
            }
        }
    }

    private static bool IsUsed(IInvocationOperation call) => call.Parent is not IExpressionStatementOperation;
}
