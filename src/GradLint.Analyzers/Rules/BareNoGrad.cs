using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL5004: <c>torch.no_grad();</c> as a statement. The call switches gradients off at once and only disposing its result
/// switches them back on; dropped, they stay off on that thread for good.
/// </summary>
internal sealed class BareNoGrad : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.BareNoGrad,
        "Gradient mode is switched and never restored",
        "The result of '{0}' is dropped, so gradients stay off on this thread for good: write 'using var _ = {0};'",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.BareNoGrad));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        foreach (var operation in context.Operations)
        {
            if (operation is IExpressionStatementOperation statement
                && Dropped(statement) is IInvocationOperation call
                && SwitchesGradientsOff(call, context.Types))
            {
                context.Report(Diagnostic.Create(Rule, statement.Syntax.GetLocation(), call.Syntax.ToString()));
            }
        }
    }

    private static IOperation Dropped(IExpressionStatementOperation statement) =>
        statement.Operation is ISimpleAssignmentOperation { Target: IDiscardOperation } discard ? discard.Value : statement.Operation;

    private static bool SwitchesGradientsOff(IInvocationOperation call, KnownTypes types) =>
        SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, types.Torch)
        && call.TargetMethod.Name is TorchSharpNames.Functions.NoGrad or TorchSharpNames.Functions.InferenceMode
        // inference_mode(false) switches them on.
        && call.Arguments.All(argument => argument.Value.ConstantValue is { HasValue: true, Value: true });
}
