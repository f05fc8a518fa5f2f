using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>GL5005: the losses of a training loop are added up as tensors: the sum keeps the graph of every batch alive.</summary>
internal sealed class LossGraphKeptAlive : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.LossGraphKeptAlive,
        "Sum of losses keeps every graph alive",
        "'{0}' adds up tensors that still carry their graphs, so those of all batches stay in memory: add '{1}.item<float>()'",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.LossGraphKeptAlive));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        // Only in a body around which something is trained is the view of the compilation worth making.
        var sums = context.Operations.OfType<ICompoundAssignmentOperation>()
            .Where(sum => sum.OperatorKind == BinaryOperatorKind.Add && context.Types.IsTensor(sum.Target.Type) && context.Types.IsTensor(sum.Value.Type));
        foreach (var sum in sums)
        {
            if (LoopAround(sum) is { } loop
                && IsDeclaredOutside(sum.Target, loop)
                && LossIn(sum.Value) is { } loss
                && context.Training.Traces.SelectMany(trace => trace.Events).Any(item => IsBackwardOf(item, loss, loop, context))
                && IsOnlyRead(sum, context))
            {
                context.Report(Diagnostic.Create(
                    Rule, sum.Syntax.GetLocation(), [sum.Value.Syntax.GetLocation()], sum.Syntax.ToString(), sum.Value.Syntax.ToString()));
            }
        }
    }

    private static ILoopOperation? LoopAround(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null and not IAnonymousFunctionOperation and not ILocalFunctionOperation; parent = parent.Parent)
        {
            if (parent is ILoopOperation loop)
                return loop;
        }

        return null;
    }

    private static bool IsDeclaredOutside(IOperation target, ILoopOperation loop) => target switch
    {
        ILocalReferenceOperation local => !local.Local.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == loop.Syntax.SyntaxTree && loop.Syntax.Span.Contains(reference.Span)),
        IFieldReferenceOperation => true,
        _ => false,
    };

    private static ILocalReferenceOperation? LossIn(IOperation value) => value switch
    {
        ILocalReferenceOperation local => local,
        IConversionOperation conversion => LossIn(conversion.Operand),
        IBinaryOperation binary => LossIn(binary.LeftOperand) ?? LossIn(binary.RightOperand),
        _ => null,
    };

    /// <summary>The loss added is the one that the same loop sends to backward.</summary>
    private static bool IsBackwardOf(TrainingEvent item, ILocalReferenceOperation loss, ILoopOperation loop, TrainingLoopContext context)
    {
        if (item.Kind != TrainingEventKind.Backward || !item.Loops.Any(around => around.Operation.Syntax == loop.Syntax))
            return false;
        var (received, frame) = ((item.Operation as IInvocationOperation)?.Instance, item.Frame);
        while (received is IParameterReferenceOperation parameter && frame?.Binding(parameter.Parameter) is { } bound)
            (received, frame) = (bound.Operation, bound.Frame);
        return received is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, loss.Local);
    }

    /// <summary>Whether every other use of the sum ends in a number or a text.</summary>
    private static bool IsOnlyRead(ICompoundAssignmentOperation sum, TrainingLoopContext context)
    {
        if (sum.Target is not ILocalReferenceOperation target)
            return false;
        return context.Operations.OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, target.Local))
            .All(reference => EndsAsNumber(reference, context));
    }

    private static bool EndsAsNumber(IOperation reference, TrainingLoopContext context)
    {
        for (var (value, parent) = (reference, reference.Parent); parent is not null; (value, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IAssignmentOperation assignment:
                    return ReferenceEquals(assignment.Target, value);
                case IInvocationOperation { TargetMethod.Name: TorchSharpNames.TensorMembers.Backward }:
                    return false;
                case IInvocationOperation call when !context.Types.IsFromTorchSharp(call.TargetMethod):
                    return !context.Training.Source.Declares(call.TargetMethod);
                case IReturnOperation or IVariableInitializerOperation or ITupleOperation or IArrayInitializerOperation:
                    return !context.Types.IsTensor(value.Type);
                case IInterpolationOperation or IExpressionStatementOperation:
                    return true;
            }

            if (parent.Type is not null && !context.Types.IsTensor(parent.Type) && parent is not IArgumentOperation and not IConversionOperation)
                return true;
        }

        return true;
    }
}
