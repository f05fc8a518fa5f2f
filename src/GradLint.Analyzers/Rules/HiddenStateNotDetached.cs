using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL3005: a training loop hands the hidden state that a recurrent module returned for one batch to the next, with its
/// graph: the second backward runs through the first batch again.
/// </summary>
internal sealed class HiddenStateNotDetached : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.HiddenStateNotDetached,
        "Hidden state is carried across batches with its graph",
        "'{0}' goes into the next batch with the graph of this one, so each backward runs through all batches before it: detach it after the step",
        RuleCategory.Recurrence,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.HiddenStateNotDetached));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        foreach (var loop in context.Operations.OfType<ILoopOperation>())
        {
            // Innermost loop with a backward in it: an inner loop over time steps carries its state rightly.
            foreach (var states in CarriedStates(loop, context).GroupBy(pair => pair.Call, pair => pair.State))
            {
                if (!TrainsInEachTurn(loop, states.Key, context) || states.Any(state => IsRenewed(state, loop, context)))
                    continue;
                var names = states.Select(state => state.Name).ToArray();
                var properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.States, string.Join(FixProperties.Separator.ToString(), names));
                context.Report(Diagnostic.Create(Rule, states.Key.Syntax.GetLocation(), [loop.Syntax.GetLocation()], properties, string.Join("', '", names)));
            }
        }

        foreach (var states in CarriedFields(context).GroupBy(pair => pair.Call, pair => pair.State))
        {
            if (RepeatedAround(states.Key, context) is not { } turn || states.Any(state => IsRenewed(state, context)))
                continue;
            var names = states.Select(state => state.Name).ToArray();
            var properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.States, string.Join(FixProperties.Separator.ToString(), names));
            context.Report(Diagnostic.Create(Rule, states.Key.Syntax.GetLocation(), [turn.GetLocation()], properties, string.Join("', '", names)));
        }
    }

    /// <summary>Private fields of the object that a call in the body takes and returns.</summary>
    private static IEnumerable<(IFieldSymbol State, IInvocationOperation Call)> CarriedFields(TrainingLoopContext context)
    {
        foreach (var assignment in context.Operations.OfType<IAssignmentOperation>())
        {
            if (Unwrapped(assignment.Value) is not IInvocationOperation call || !IsRecurrentCall(call, context))
                continue;
            var taken = call.Arguments.SelectMany(argument => argument.Value.DescendantsAndSelf()).OfType<IFieldReferenceOperation>().Select(reference => reference.Field).ToArray();
            foreach (var target in TargetFields(assignment.Target))
            {
                if (target.DeclaredAccessibility == Accessibility.Private && taken.Contains<IFieldSymbol>(target, SymbolEqualityComparer.Default) && HoldsTensors(target.Type, context))
                    yield return (target, call);
            }
        }
    }

    private static IEnumerable<IFieldSymbol> TargetFields(IOperation target) => target switch
    {
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation } field => [field.Field],
        ITupleOperation tuple => tuple.Elements.SelectMany(TargetFields),
        _ => [],
    };

    /// <summary>What runs again and again with a backward in each turn: the loop around the call, or its method that a loop elsewhere calls.</summary>
    private static SyntaxNode? RepeatedAround(IInvocationOperation call, TrainingLoopContext context)
    {
        if (call.Syntax.Ancestors().FirstOrDefault(node => context.Training.LoopsWithBackward.Contains(node)) is { } loop)
            return context.Contains(loop) ? loop : null;
        return IsInLoop(call) || !context.Events(TrainingEventKind.Backward).Any(backward => backward.Loops.Any())
            ? null
            : context.Member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken);
    }

    /// <summary>Over time steps, within one turn.</summary>
    private static bool IsInLoop(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILoopOperation or IAnonymousFunctionOperation or ILocalFunctionOperation)
                return true;
        }

        return false;
    }

    /// <summary>Whether any other code of the type assigns the field, detaches it or hands it to code that could.</summary>
    private static bool IsRenewed(IFieldSymbol state, TrainingLoopContext context)
    {
        foreach (var reference in context.Source.References(state, context.CancellationToken))
        {
            IOperation value = reference;
            while (value.Parent is ITupleOperation or IConversionOperation or IArgumentOperation)
                value = value.Parent;
            switch (value.Parent)
            {
                case IAssignmentOperation assignment when ReferenceEquals(assignment.Target, value)
                    && Unwrapped(assignment.Value) is IInvocationOperation call && IsRecurrentCall(call, context):
                case IAssignmentOperation initial when ReferenceEquals(initial.Target, value) && IsInConstructor(initial):
                case IInvocationOperation recurrent when !ReferenceEquals(recurrent.Instance, value) && IsRecurrentCall(recurrent, context):
                    continue;
                default:
                    return true;
            }
        }

        return false;
    }

    private static bool IsInConstructor(IOperation operation)
    {
        while (operation.Parent is not null)
            operation = operation.Parent;
        return operation is IConstructorBodyOperation;
    }

    /// <summary>Locals from outside the loop that a call in it takes and returns.</summary>
    private static IEnumerable<(ILocalSymbol State, IInvocationOperation Call)> CarriedStates(ILoopOperation loop, TrainingLoopContext context)
    {
        foreach (var assignment in loop.Body.Descendants().OfType<IAssignmentOperation>())
        {
            if (Unwrapped(assignment.Value) is not IInvocationOperation call || !IsRecurrentCall(call, context))
                continue;
            var taken = call.Arguments.SelectMany(argument => argument.Value.DescendantsAndSelf()).OfType<ILocalReferenceOperation>().Select(reference => reference.Local).ToArray();
            foreach (var target in Targets(assignment.Target))
            {
                if (taken.Contains<ILocalSymbol>(target, SymbolEqualityComparer.Default) && IsOutside(target, loop) && HoldsTensors(target.Type, context))
                    yield return (target, call);
            }
        }
    }

    private static IEnumerable<ILocalSymbol> Targets(IOperation target) => target switch
    {
        ILocalReferenceOperation local => [local.Local],
        ITupleOperation tuple => tuple.Elements.SelectMany(Targets),
        IDeclarationExpressionOperation => [],
        _ => [],
    };

    private static IOperation Unwrapped(IOperation value) => value is IConversionOperation conversion ? Unwrapped(conversion.Operand) : value;

    /// <summary>A module's call, or a source method in which nothing detaches.</summary>
    private static bool IsRecurrentCall(IInvocationOperation call, TrainingLoopContext context)
    {
        var method = call.TargetMethod;
        if (method.Name is TorchSharpNames.ModuleMembers.Call or TorchSharpNames.ModuleMembers.Forward && context.Types.IsModule(method.ContainingType))
            return call.Instance?.Type is not INamedTypeSymbol type || !Detaches(type, context);
        return context.Source.Declares(method)
            && !method.IsVirtual && !method.IsAbstract
            && context.Source.Body(method, context.CancellationToken) is { } body
            && body.Descendants().OfType<IInvocationOperation>().Any(inner =>
                inner.TargetMethod.Name is TorchSharpNames.ModuleMembers.Call or TorchSharpNames.ModuleMembers.Forward && context.Types.IsModule(inner.TargetMethod.ContainingType))
            && !Detaches(body, context);
    }

    /// <summary>Whether a source module detaches anything, or opens up no further.</summary>
    private static bool Detaches(INamedTypeSymbol type, TrainingLoopContext context) =>
        !context.Types.IsFromTorchSharp(type)
        && (!context.Source.Declares(type) || context.Source.Bodies(type, context.CancellationToken).Any(body => Detaches(body, context)));

    private static bool Detaches(IOperation body, TrainingLoopContext context) => body.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call =>
        call.TargetMethod.Name is TorchSharpNames.TensorMembers.Detach or TorchSharpNames.TensorMembers.DetachInPlace or TorchSharpNames.Functions.NoGrad
        && context.Types.IsFromTorchSharp(call.TargetMethod));

    private static bool IsOutside(ILocalSymbol local, ILoopOperation loop) =>
        !local.DeclaringSyntaxReferences.Any(reference => loop.Syntax.Span.Contains(reference.Span));

    private static bool HoldsTensors(ITypeSymbol type, TrainingLoopContext context) =>
        context.Types.IsTensor(type)
        || type is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.All(element => HoldsTensors(element.Type, context))
        || type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && HoldsTensors(nullable.TypeArguments[0], context);

    private static bool TrainsInEachTurn(ILoopOperation loop, IInvocationOperation call, TrainingLoopContext context)
    {
        var innermost = call.Syntax.Ancestors().FirstOrDefault(node => context.Training.LoopsWithBackward.Contains(node));
        return innermost == loop.Syntax;
    }

    /// <summary>Whether anything else in the loop assigns the state, detaches it or hands it to code that could.</summary>
    private static bool IsRenewed(ILocalSymbol state, ILoopOperation loop, TrainingLoopContext context)
    {
        foreach (var reference in loop.Body.Descendants().OfType<ILocalReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, state)))
        {
            IOperation value = reference;
            if (reference.Parent is IConditionalAccessOperation access && Detaches(access.WhenNotNull, context))
                return true;
            while (value.Parent is ITupleOperation or IConversionOperation or IArgumentOperation or IConditionalAccessOperation or IMemberReferenceOperation)
                value = value.Parent;
            switch (value.Parent)
            {
                case IAssignmentOperation assignment when ReferenceEquals(assignment.Target, value) && !(Unwrapped(assignment.Value) is IInvocationOperation call && IsRecurrentCall(call, context)):
                    return true;
                case IInvocationOperation { TargetMethod: { } method } call when
                    method.Name is TorchSharpNames.TensorMembers.Detach or TorchSharpNames.TensorMembers.DetachInPlace
                    || !context.Types.IsFromTorchSharp(method) && !IsRecurrentCall(call, context):
                    return true;
            }
        }

        return loop.Body.Descendants().OfType<IInvocationOperation>().Any(call =>
            call.TargetMethod.MethodKind == MethodKind.LocalFunction || call.TargetMethod.MethodKind == MethodKind.DelegateInvoke);
    }
}
