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
        "'{0}' keeps tensors that still carry their graphs, so those of all batches stay in memory: add '{1}.{2}'",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.LossGraphKeptAlive));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        foreach (var kept in context.Operations.Select(operation => KeptBy(operation, context.Types)).OfType<KeptLoss>())
        {
            // Only in a body around which something is trained is the view of the compilation worth making.
            if (LoopAround(kept.Operation) is { } loop
                && IsDeclaredOutside(kept.Holder, loop)
                && LossIn(kept.Loss) is { } loss
                && context.Training.Traces.SelectMany(trace => trace.Events).Any(item => IsBackwardOf(item, loss, loop, context))
                && IsOnlyRead(kept.Holder, context))
            {
                context.Report(Diagnostic.Create(
                    Rule, kept.Operation.Syntax.GetLocation(), [kept.Loss.Syntax.GetLocation()],
                    kept.Operation.Syntax.ToString(), kept.Loss.Syntax.ToString(), kept.IsList ? TorchSharpNames.TensorMembers.Detach + "()" : TorchSharpNames.TensorMembers.Item + "<float>()"));
            }
        }
    }

    /// <summary><c>total += loss</c>, <c>total = total + loss</c> or <c>losses.Add(loss)</c>.</summary>
    private static KeptLoss? KeptBy(IOperation operation, KnownTypes types)
    {
        switch (operation)
        {
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } sum when types.IsTensor(sum.Target.Type) && types.IsTensor(sum.Value.Type):
                return new(sum, sum.Target, sum.Value, IsList: false);
            case ISimpleAssignmentOperation { Value: IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } added } sum when types.IsTensor(sum.Target.Type) && SymbolOf(sum.Target) is { } target:
                var isLeft = SymbolEqualityComparer.Default.Equals(SymbolOf(added.LeftOperand), target);
                var other = isLeft ? added.RightOperand : added.LeftOperand;
                return (isLeft || SymbolEqualityComparer.Default.Equals(SymbolOf(added.RightOperand), target)) && types.IsTensor(other.Type)
                    ? new(sum, sum.Target, other, IsList: false) : null;
            case IInvocationOperation { TargetMethod.Name: "Add", Instance: { Type: INamedTypeSymbol { TypeArguments.Length: 1 } list } holder, Arguments.Length: 1 } call
                when types.IsTensor(list.TypeArguments[0]) && !types.IsFromTorchSharp(call.TargetMethod) && call.TargetMethod.DeclaringSyntaxReferences.IsEmpty:
                return new(call, holder, call.Arguments[0].Value, IsList: true);
            default:
                return null;
        }
    }

    /// <param name="Operation">What keeps the loss.</param>
    /// <param name="Holder">The sum or list that holds it.</param>
    /// <param name="Loss">What is added.</param>
    /// <param name="IsList">Whether the losses are held one by one.</param>
    private sealed record KeptLoss(IOperation Operation, IOperation Holder, IOperation Loss, bool IsList);

    private static ISymbol? SymbolOf(IOperation reference) => reference switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        IConversionOperation conversion => SymbolOf(conversion.Operand),
        _ => null,
    };

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
        IFieldReferenceOperation { Field.DeclaredAccessibility: Accessibility.Private, Instance: null or IInstanceReferenceOperation } => true,
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

    /// <summary>Whether every other use of the sum or list ends in a number or a text.</summary>
    private static bool IsOnlyRead(IOperation holder, TrainingLoopContext context)
    {
        var references = holder is ILocalReferenceOperation local
            ? context.Operations.OfType<ILocalReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local.Local))
            : context.Source.References(((IFieldReferenceOperation)holder).Field, context.CancellationToken);
        return references.All(reference => EndsAsNumber(reference, SymbolOf(holder), context));
    }

    private static bool EndsAsNumber(IOperation reference, ISymbol? holder, TrainingLoopContext context)
    {
        for (var (value, parent) = (reference, reference.Parent); parent is not null; (value, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IAssignmentOperation assignment:
                    return ReferenceEquals(assignment.Target, value) || SymbolEqualityComparer.Default.Equals(SymbolOf(assignment.Target), holder);
                case IInvocationOperation { TargetMethod.Name: TorchSharpNames.TensorMembers.Backward }:
                    return false;
                case IInvocationOperation call when !context.Types.IsFromTorchSharp(call.TargetMethod):
                    return !context.Training.Source.Declares(call.TargetMethod) && !HoldsTensors(call.Type, context.Types);
                case IReturnOperation or IVariableInitializerOperation or ITupleOperation or IArrayInitializerOperation:
                    return !HoldsTensors(value.Type, context.Types);
                case ILoopOperation:
                    return false;
                case IInterpolationOperation or IExpressionStatementOperation:
                    return true;
            }

            if (parent.Type is not null && !HoldsTensors(parent.Type, context.Types) && parent is not IArgumentOperation and not IConversionOperation)
                return true;
        }

        return true;
    }

    private static bool HoldsTensors(ITypeSymbol? type, KnownTypes types) =>
        types.IsTensor(type)
        || type is IArrayTypeSymbol array && HoldsTensors(array.ElementType, types)
        || type is INamedTypeSymbol { TypeArguments.Length: > 0 } generic && generic.TypeArguments.Any(argument => HoldsTensors(argument, types));
}
