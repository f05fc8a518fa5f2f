using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>GL5006: a training loop puts its model into eval mode and never back: from the second turn dropout and batch statistics are off.</summary>
internal sealed class EvalNeverUndone : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.EvalNeverUndone,
        "Training loop switches to eval mode and never back",
        "After '{0}' nothing in the training loop calls 'train()', so the following turns train with dropout and batch statistics switched off: call 'train()' at the start of the loop",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.EvalNeverUndone));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var eval in context.Events(TrainingEventKind.Eval))
        {
            if (LoopThatTrains(eval, context) is not { } loop
                || loop.Events.Any(item => item.Kind is TrainingEventKind.Train or TrainingEventKind.Unknown)
                || LeavesAfter(eval, loop)
                || !reported.Add(eval.Operation.Syntax))
            {
                continue;
            }

            context.Report(Diagnostic.Create(Rule, eval.Operation.Syntax.GetLocation(), [loop.Operation.Syntax.GetLocation()], eval.Operation.Syntax.ToString()));
        }
    }

    private static TraceLoop? LoopThatTrains(TrainingEvent eval, TrainingLoopContext context) => eval.Loops.FirstOrDefault(loop =>
        loop.Events.Any(item => item.Kind == TrainingEventKind.Backward)
        && loop.Events.Where(item => item.Kind == TrainingEventKind.Step)
            .Any(step => TrainedModels.OfOptimizer(step.Subject, context.Origins, context.Types).Surely(eval.Subject)));

    /// <summary>The last evaluation, before the loop is left, needs no way back.</summary>
    private static bool LeavesAfter(TrainingEvent eval, TraceLoop loop) => eval.Owner.Nodes.SkipWhile(node => node != eval).Any(node =>
        node is TrainingEvent { Kind: TrainingEventKind.Exit, Operation: { } exit }
        && exit is not IBranchOperation { BranchKind: BranchKind.Continue }
        && exit.Syntax.SyntaxTree == loop.Operation.Syntax.SyntaxTree
        && loop.Operation.Syntax.Span.Contains(exit.Syntax.Span));
}
