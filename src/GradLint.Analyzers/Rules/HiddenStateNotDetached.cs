using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL3005: the hidden state that a recurrent module returned for one batch is given to the next with its graph, by the
/// training loop, by a field of the trainer or by one of the model: the second backward runs through the first batch again.
/// </summary>
internal sealed class HiddenStateNotDetached : ITrainingLoopRule
{
    private const string AfterTheStep = "detach it after the step";
    private const string WhereItIsKept = "detach it where it is kept";

    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.HiddenStateNotDetached,
        "Hidden state is carried across batches with its graph",
        "'{0}' goes into the next batch with the graph of this one, through which the next backward then runs, and fails: {1}",
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
            foreach (var states in CarriedLocals(loop, context).GroupBy(pair => pair.Call, pair => pair.State))
            {
                if (TrainsInEachTurn(loop, states.Key, context) && !states.Any(state => IsRenewed(state, loop, context)))
                    Report(context, states.Key, states.Select(state => state.Name), AfterTheStep, loop.Syntax);
            }
        }

        var isModel = context.Types.IsModule(context.Member.ContainingType);
        if (isModel && context.Operations.Any(operation => operation.Parent is null && CarriedStates.Detaches(operation, context.Types)))
            return;
        foreach (var states in new CarriedStates(context.Operations, context.Types, call => IsRecurrent(call, context)).Find().GroupBy(state => state.Call))
        {
            if (isModel)
                CheckModel(states.Key, states.ToArray(), context);
            else if (TurnOf(states.Key, context) is { } turn && !IsRenewedInEachTurn(states, turn, context))
                Report(context, states.Key, Names(states), AfterTheStep, Repeated(turn, context));
        }
    }

    private static void CheckModel(IInvocationOperation call, IReadOnlyList<CarriedState> states, TrainingLoopContext context)
    {
        var model = context.Member.ContainingType.OriginalDefinition;
        var runs = context.Training.Traces.SelectMany(trace => trace.Events)
            .Where(item => item.Kind is TrainingEventKind.ModuleCall or TrainingEventKind.ForwardCall && Runs(item, model, context))
            .Select(run => (Run: run, Turn: TurnAround(run)))
            .Where(run => run.Turn is not null)
            .ToArray();
        if (!runs.Any(run => !IsRenewedInEachTurn(states, run.Turn!, context)))
            return;

        // With several runs to a backward, as in a loop over time steps, the graph is needed from one to the next.
        var isRunOnce = runs.All(run => run.Run.Loops.First() == run.Turn) && runs.GroupBy(run => run.Turn).All(turn => turn.Count() == 1);
        Report(context, call, Names(states), WhereItIsKept, isRunOnce ? states[states.Count - 1].Kept.Syntax.Parent : null);
    }

    private static void Report(TrainingLoopContext context, IInvocationOperation call, IEnumerable<string> states, string remedy, SyntaxNode? place)
    {
        var names = states.Distinct().ToArray();
        var properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.States, string.Join(FixProperties.Separator.ToString(), names));
        context.Report(Diagnostic.Create(Rule, call.Syntax.GetLocation(), place is null ? null : [place.GetLocation()], properties, string.Join("', '", names), remedy));
    }

    private static IEnumerable<string> Names(IEnumerable<CarriedState> states) => states.Select(state => state.Field.Name);

    private static bool IsRecurrent(IInvocationOperation call, TrainingLoopContext context) =>
        CarriedStates.IsRecurrent(call, context.Source, context.Types, context.CancellationToken);

    /// <summary>Whether a call runs the model, itself or as a part of another.</summary>
    private static bool Runs(TrainingEvent item, INamedTypeSymbol model, TrainingLoopContext context)
    {
        var module = (item.Operation as IInvocationOperation)?.Instance;
        var made = context.Origins.Of(module, item.Frame).Sites.Select(site => site.Value?.Operation.Type);
        return made.Append(module?.Type).OfType<INamedTypeSymbol>().Any(type => Contains(type, model, context, depth: 0));
    }

    private static bool Contains(INamedTypeSymbol whole, INamedTypeSymbol model, TrainingLoopContext context, int depth) =>
        SymbolEqualityComparer.Default.Equals(whole.OriginalDefinition, model)
        || depth < 3 && context.Types.IsModule(whole) && context.Source.Declares(whole)
            && context.Source.Bodies(whole, context.CancellationToken).SelectMany(body => body.DescendantsAndSelf()).OfType<IObjectCreationOperation>()
                .Any(part => part.Type is INamedTypeSymbol type && context.Types.IsModule(type) && Contains(type, model, context, depth + 1));

    /// <summary>The loop whose every turn runs a backward around a call of the body: one in the body, or one that calls its method.</summary>
    private static TraceLoop? TurnOf(IInvocationOperation call, TrainingLoopContext context)
    {
        if (call.Syntax.Ancestors().FirstOrDefault(node => context.Training.LoopsWithBackward.Contains(node)) is { } loop)
        {
            return context.Contains(loop)
                ? context.Training.Traces.SelectMany(trace => trace.Events).SelectMany(item => item.Loops).FirstOrDefault(item => item.Operation.Syntax == loop)
                : null;
        }

        return IsInLoop(call) ? null : context.Events(TrainingEventKind.Backward).Select(TurnAround).FirstOrDefault(turn => turn is not null);
    }

    private static TraceLoop? TurnAround(TrainingEvent item) => item.Loops.FirstOrDefault(loop => loop.Events.Any(other => other.Kind == TrainingEventKind.Backward));

    /// <summary>The loop, or the method of this body that it calls; nothing for a lambda that a library repeats.</summary>
    private static SyntaxNode? Repeated(TraceLoop turn, TrainingLoopContext context) =>
        context.Contains(turn.Operation.Syntax) ? (turn.Operation as ILoopOperation)?.Syntax : context.Member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken);

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

    /// <summary>Whether a turn may come to code that detaches, or gives a state another value than the one carried or its first, or makes its object anew.</summary>
    private static bool IsRenewedInEachTurn(IEnumerable<CarriedState> states, TraceLoop turn, TrainingLoopContext context)
    {
        if (TurnReach.Of(turn, context.Source, context.Training.Calls, context.Types, context.CancellationToken) is not { } reached
            || reached.Any(body => CarriedStates.Detaches(body, context.Types)))
        {
            return true;
        }

        var operations = reached.SelectMany(body => body.DescendantsAndSelf()).ToArray();
        return states.Any(state => operations.Any(operation => operation switch
        {
            IObjectCreationOperation { Type: { } made } => SymbolEqualityComparer.Default.Equals(made.OriginalDefinition, state.Field.ContainingType.OriginalDefinition),
            IFieldReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Field, state.Field)
                && IsWritten(reference) && !IsFirst(reference, state) && !IsIn(reference, state.Kept.Target),
            _ => false,
        }));
    }

    private static bool IsWritten(IFieldReferenceOperation reference)
    {
        IOperation value = reference;
        while (value.Parent is ITupleOperation or IConversionOperation)
            value = value.Parent;
        return value.Parent is IAssignmentOperation assignment && ReferenceEquals(assignment.Target, value)
            || value.Parent is IArgumentOperation { Parameter.RefKind: not RefKind.None };
    }

    /// <summary>The value that it starts with: where it is null, or where the condition is of the state itself, as of the size of its batch.</summary>
    private static bool IsFirst(IOperation reference, CarriedState state)
    {
        for (var (child, parent) = (reference, reference.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent is ICoalesceAssignmentOperation
                || parent is IConditionalOperation conditional && !ReferenceEquals(conditional.Condition, child)
                    && conditional.Condition.DescendantsAndSelf().OfType<IFieldReferenceOperation>().Any(field => SymbolEqualityComparer.Default.Equals(field.Field, state.Field)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(IOperation operation, IOperation whole) => whole.Syntax.SyntaxTree == operation.Syntax.SyntaxTree && whole.Syntax.Span.Contains(operation.Syntax.Span);

    /// <summary>Locals from outside the loop that a call in it takes and returns.</summary>
    private static IEnumerable<(ILocalSymbol State, IInvocationOperation Call)> CarriedLocals(ILoopOperation loop, TrainingLoopContext context)
    {
        foreach (var assignment in loop.Body.Descendants().OfType<IAssignmentOperation>())
        {
            if (Unwrapped(assignment.Value) is not IInvocationOperation call || !IsRecurrent(call, context))
                continue;
            var taken = call.Arguments.SelectMany(argument => argument.Value.DescendantsAndSelf()).OfType<ILocalReferenceOperation>().Select(reference => reference.Local).ToArray();
            foreach (var target in Targets(assignment.Target))
            {
                if (taken.Contains<ILocalSymbol>(target, SymbolEqualityComparer.Default) && IsOutside(target, loop) && CarriedStates.HoldsTensors(target.Type, context.Types))
                    yield return (target, call);
            }
        }
    }

    private static IEnumerable<ILocalSymbol> Targets(IOperation target) => target switch
    {
        ILocalReferenceOperation local => [local.Local],
        ITupleOperation tuple => tuple.Elements.SelectMany(Targets),
        _ => [],
    };

    private static IOperation Unwrapped(IOperation value) => value is IConversionOperation conversion ? Unwrapped(conversion.Operand) : value;

    private static bool IsOutside(ILocalSymbol local, ILoopOperation loop) =>
        !local.DeclaringSyntaxReferences.Any(reference => loop.Syntax.Span.Contains(reference.Span));

    private static bool TrainsInEachTurn(ILoopOperation loop, IInvocationOperation call, TrainingLoopContext context) =>
        call.Syntax.Ancestors().FirstOrDefault(node => context.Training.LoopsWithBackward.Contains(node)) == loop.Syntax;

    /// <summary>Whether anything else in the loop assigns the state, detaches it or hands it to code that could.</summary>
    private static bool IsRenewed(ILocalSymbol state, ILoopOperation loop, TrainingLoopContext context)
    {
        foreach (var reference in loop.Body.Descendants().OfType<ILocalReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, state)))
        {
            IOperation value = reference;
            if (reference.Parent is IConditionalAccessOperation access && CarriedStates.Detaches(access.WhenNotNull, context.Types))
                return true;
            while (value.Parent is ITupleOperation or IConversionOperation or IArgumentOperation or IConditionalAccessOperation or IMemberReferenceOperation)
                value = value.Parent;
            switch (value.Parent)
            {
                case IAssignmentOperation assignment when ReferenceEquals(assignment.Target, value) && !(Unwrapped(assignment.Value) is IInvocationOperation call && IsRecurrent(call, context)):
                    return true;
                case IInvocationOperation { TargetMethod: { } method } call when
                    method.Name is TorchSharpNames.TensorMembers.Detach or TorchSharpNames.TensorMembers.DetachInPlace
                    || !context.Types.IsFromTorchSharp(method) && !IsRecurrent(call, context):
                    return true;
            }
        }

        return loop.Body.Descendants().OfType<IInvocationOperation>().Any(call =>
            call.TargetMethod.MethodKind == MethodKind.LocalFunction || call.TargetMethod.MethodKind == MethodKind.DelegateInvoke);
    }
}
