using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL5001: a loop goes through a backward and an optimizer's step, and nothing in it clears the gradients: each step
/// moves by the sum of all gradients so far.
/// </summary>
internal sealed class GradientsNeverCleared : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.GradientsNeverCleared,
        "Gradients are never cleared between steps",
        "Nothing in this loop clears the gradients, so '{0}' moves by the sum of all gradients since the loop began: call 'zero_grad()' before the backward",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.GradientsNeverCleared));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var step in context.Steps)
        {
            if (step.Loop is not { } loop
                || loop.Events.Any(step.MayClear)
                || loop.Events.Any(item => item.Kind == TrainingEventKind.OptimizerCreation && item.Subject.MayBe(step.Optimizer))
                || IsMadeIn(loop, step)
                || !reported.Add(step.Event.Operation.Syntax))
            {
                continue;
            }

            var backward = loop.Events.First(item => item.Kind == TrainingEventKind.Backward);
            context.Report(Diagnostic.Create(
                Rule,
                step.Event.Operation.Syntax.GetLocation(),
                [loop.Operation.Syntax.GetLocation(), backward.Operation.Syntax.GetLocation()],
                step.Event.Operation.Syntax.ToString()));
        }
    }

    /// <summary>An optimizer that is taken anew in each turn, such as a loop variable, has had no other step.</summary>
    private static bool IsMadeIn(TraceLoop loop, TrainingStep step) =>
        step.Optimizer.IsUnknown
        || step.Optimizer.Sites.Any(site => site.Value is { } made && loop.Operation.Syntax.SyntaxTree == made.Operation.Syntax.SyntaxTree && loop.Operation.Syntax.Span.Contains(made.Operation.Syntax.Span));
}
