using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL5003: every way back from a <c>backward()</c> ends before it meets a parameter: at a detach, at numbers taken out of
/// a tensor, under <c>no_grad</c>.
/// </summary>
internal sealed class GraphCut : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.GraphCut,
        "Backward reaches no parameter",
        "The gradient of '{0}' stops at '{1}' on every way back, so no parameter is reached: take it out of the computation of the loss",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.GraphCut));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        foreach (var ways in context.Events(TrainingEventKind.Backward).GroupBy(item => item.Operation.Syntax))
        {
            var loss = (ways.First().Operation as IInvocationOperation)?.Instance;
            if (loss is null || !context.Types.IsTensor(loss.Type))
                continue;

            // A helper that runs backward for several callers is at fault only if it is for all of them.
            var cuts = ways.Select(way => CutsBehind(way, context)).ToArray();
            if (cuts.Any(found => found.Count == 0))
                continue;
            var cut = cuts[0][0];
            var place = context.Contains(cut.Syntax) ? cut.Syntax : ways.Key;
            context.Report(Diagnostic.Create(
                Rule, place.GetLocation(), [ways.Key.GetLocation(), cut.Syntax.GetLocation()], loss.Syntax.ToString(), cut.Syntax.ToString()));
        }
    }

    private static IReadOnlyList<IOperation> CutsBehind(TrainingEvent backward, TrainingLoopContext context) =>
        new GradientReach(context.Training.Source, context.Types, context.Origins, context.CancellationToken)
            .CutsBehind(((IInvocationOperation)backward.Operation).Instance!, backward.Frame);
}
