using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Training;

/// <summary>
/// Writes down what a body of code does in training, the source methods, lambdas and local functions that it calls
/// included, each where it is called. A call that cannot be followed becomes an unknown event.
/// </summary>
internal sealed class TraceBuilder(
    SourceOperations source, TrainingCalls calls, OriginResolver origins, Action<SyntaxNode> visited, CancellationToken cancellationToken)
{
    private const int DepthLimit = 16;
    private const int OperationLimit = 100_000;
    private const int OverrideLimit = 8;

    private int _operations;

    public TraceList Build(IOperation body, IMethodSymbol? method)
    {
        var trace = new TraceList(owner: null);
        visited(body.Syntax);
        Visit(body, trace, new CallFrame(caller: null, site: null, method));
        return trace;
    }

    private void Visit(IOperation? operation, TraceList trace, CallFrame frame)
    {
        if (operation is null)
            return;
        cancellationToken.ThrowIfCancellationRequested();
        if (++_operations > OperationLimit)
        {
            if (_operations == OperationLimit + 1)
                Add(TrainingEventKind.Unknown, operation, trace, frame);
            return;
        }

        switch (operation)
        {
            case IAnonymousFunctionOperation or ILocalFunctionOperation or INameOfOperation:
                break;
            case IBlockOperation block:
                VisitSequence(block.Operations, trace, frame);
                break;
            case IForLoopOperation loop:
                VisitAll(loop.Before, trace, frame);
                VisitLoop(loop, [loop.Condition, loop.Body, .. loop.AtLoopBottom], trace, frame);
                break;
            case IForEachLoopOperation loop:
                Visit(loop.Collection, trace, frame);
                VisitLoop(loop, [loop.Body], trace, frame, runsInTurns: TrainsInTurns(loop.Collection, frame));
                break;
            case IWhileLoopOperation loop:
                VisitLoop(loop, loop.ConditionIsTop ? [loop.Condition, loop.Body] : [loop.Body, loop.Condition], trace, frame);
                break;
            case IConditionalOperation conditional:
                Visit(conditional.Condition, trace, frame);
                VisitArms(conditional, [[conditional.WhenTrue], [conditional.WhenFalse]], trace, frame);
                break;
            case ISwitchOperation choice:
                Visit(choice.Value, trace, frame);
                VisitArms(choice, choice.Cases.Select(section => section.Body.Cast<IOperation?>()), trace, frame);
                break;
            case ISwitchExpressionOperation choice:
                Visit(choice.Value, trace, frame);
                VisitArms(choice, choice.Arms.Select(arm => (IEnumerable<IOperation?>)[arm.Value]), trace, frame);
                break;
            case IUsingOperation scope:
                Visit(scope.Resources, trace, frame);
                Visit(scope.Body, trace, frame);
                VisitDisposal(scope.Resources, trace, frame);
                break;
            case ITryOperation attempt:
                Visit(attempt.Body, trace, frame);
                VisitArms(attempt, attempt.Catches.Select(handler => (IEnumerable<IOperation?>)[handler.Handler]), trace, frame);
                Visit(attempt.Finally, trace, frame);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } logical:
                Visit(logical.LeftOperand, trace, frame);
                VisitArms(logical, [[logical.RightOperand]], trace, frame);
                break;
            case ICoalesceOperation coalesce:
                Visit(coalesce.Value, trace, frame);
                VisitArms(coalesce, [[coalesce.WhenNull]], trace, frame);
                break;
            case IReturnOperation { Kind: OperationKind.YieldReturn }:
                VisitAll(operation.ChildOperations, trace, frame);
                break;
            case IReturnOperation or IBranchOperation:
                VisitAll(operation.ChildOperations, trace, frame);
                Add(TrainingEventKind.Exit, operation, trace, frame);
                break;
            case IInvocationOperation call:
                VisitCall(call, trace, frame);
                break;
            case IObjectCreationOperation creation:
                VisitCreation(creation, trace, frame);
                break;
            case IDynamicInvocationOperation:
                VisitAll(operation.ChildOperations, trace, frame);
                Add(TrainingEventKind.Unknown, operation, trace, frame);
                break;
            case IPropertyReferenceOperation property when calls.WritesGradient(property):
                VisitAll(operation.ChildOperations, trace, frame);
                Add(TrainingEventKind.GradientWritten, operation, trace, frame);
                break;
            default:
                VisitAll(operation.ChildOperations, trace, frame);
                break;
        }
    }

    private void VisitAll(IEnumerable<IOperation?> operations, TraceList trace, CallFrame frame)
    {
        foreach (var operation in operations)
            Visit(operation, trace, frame);
    }

    /// <summary>What follows a statement that may leave is conditional.</summary>
    private void VisitSequence(IEnumerable<IOperation> statements, TraceList trace, CallFrame frame)
    {
        var whole = trace;
        var scopes = new Stack<IUsingDeclarationOperation>();
        foreach (var statement in statements)
        {
            Visit(statement, trace, frame);
            if (statement is IUsingDeclarationOperation declaration)
                scopes.Push(declaration);
            if (MayLeave(statement))
            {
                var rest = new TraceBranch(statement, isRest: true);
                trace.Add(rest);
                trace = rest.NewArm();
            }
        }

        // Disposed of however the sequence is left.
        foreach (var scope in scopes)
            VisitDisposal(scope.DeclarationGroup, whole, frame);
    }

    /// <summary>What a <c>using</c> does at its end: the <c>Dispose</c> of the types of this compilation.</summary>
    private void VisitDisposal(IOperation resources, TraceList trace, CallFrame frame)
    {
        var made = resources is IVariableDeclarationGroupOperation group
            ? group.Declarations.SelectMany(declaration => declaration.Declarators).Select(declarator => (declarator.Initializer ?? ((IVariableDeclarationOperation)declarator.Parent!).Initializer)?.Value)
            : [resources];
        foreach (var site in made.Select(resource => origins.Of(resource, frame)).SelectMany(origin => origin.Sites))
        {
            if (site.Value is { Operation: IObjectCreationOperation { Type: INamedTypeSymbol type } creation } && source.Declares(type)
                && calls.Disposal(type) is { } dispose && source.Body(dispose, cancellationToken) is { } body)
            {
                VisitBody(body, dispose, creation, new(frame, creation, dispose) { Receiver = site.Value }, trace, frame);
            }
        }
    }

    /// <summary>What a loop goes through is made as it goes: by an iterator or a query that may train, too.</summary>
    private bool TrainsInTurns(IOperation collection, CallFrame frame)
    {
        while (collection is IConversionOperation conversion)
            collection = conversion.Operand;
        if (collection.Type is not { TypeKind: TypeKind.Interface })
            return false;
        var turn = new TraceList(owner: null);
        foreach (var made in collection is ILocalReferenceOperation local ? origins.ValuesOf(local.Local, local) : [collection])
            Visit(made, turn, frame);
        return turn.Events.Any(item => item.Kind is not (TrainingEventKind.Exit or TrainingEventKind.ForwardCall or TrainingEventKind.ModuleCall));
    }

    private void VisitLoop(IOperation operation, IEnumerable<IOperation?> body, TraceList trace, CallFrame frame, bool runsInTurns = false)
    {
        var loop = new TraceLoop(operation);
        trace.Add(loop);
        if (runsInTurns)
            Add(TrainingEventKind.Unknown, operation, loop.Body, frame);
        VisitAll(body, loop.Body, frame);
    }

    private void VisitArms(IOperation operation, IEnumerable<IEnumerable<IOperation?>> arms, TraceList trace, CallFrame frame)
    {
        var branch = new TraceBranch(operation);
        trace.Add(branch);
        foreach (var arm in arms)
            VisitAll(arm, branch.NewArm(), frame);
    }

    private void VisitCreation(IObjectCreationOperation creation, TraceList trace, CallFrame frame)
    {
        VisitAll(creation.Arguments, trace, frame);
        Visit(creation.Initializer, trace, frame);
        if (calls.CreatesOptimizer(creation))
            trace.Add(new TrainingEvent(TrainingEventKind.OptimizerCreation, creation, frame, origins.Of(creation, frame)));
        if (creation.Constructor is { } constructor && source.Declares(constructor) && source.Body(constructor, cancellationToken) is { } body)
        {
            var entered = new CallFrame(frame, creation, constructor) { Receiver = new(creation, frame) };
            OriginResolver.BindArguments(entered, constructor, creation.Arguments, frame);
            VisitBody(body, constructor, creation, entered, trace, frame);
        }
    }

    private void VisitCall(IInvocationOperation call, TraceList trace, CallFrame frame)
    {
        Visit(call.Instance, trace, frame);
        VisitAll(call.Arguments, trace, frame);
        var kind = calls.KindOf(call, out var subject);
        if (kind == TrainingEventKind.Step)
        {
            // A closure runs forward and backward itself.
            foreach (var closure in call.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit))
                VisitDelegate(closure.Value, call, trace, frame);
            if (TargetsOf(call, frame) is { } wrappers)
            {
                VisitTargets(wrappers, call, trace, frame);
                return;
            }
        }

        if (kind is { } known && (known is TrainingEventKind.ForwardCall or TrainingEventKind.Hook || !source.Declares(call.TargetMethod)))
            trace.Add(new TrainingEvent(known, call, frame, known == TrainingEventKind.ModuleCall ? Origin.Unknown : origins.Of(subject, frame)));
        else if (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke)
            VisitDelegate(call.Instance, call, trace, frame);
        else if (source.Declares(call.TargetMethod))
            VisitSourceCall(call, trace, frame);
        else
            VisitForeignCall(call, trace, frame);
    }

    private void VisitSourceCall(IInvocationOperation call, TraceList trace, CallFrame frame)
    {
        if (TargetsOf(call, frame) is { } targets)
            VisitTargets(targets, call, trace, frame);
        else
            Add(TrainingEventKind.Unknown, call, trace, frame);
    }

    private void VisitTargets(IReadOnlyList<IMethodSymbol> targets, IInvocationOperation call, TraceList trace, CallFrame frame)
    {
        TraceBranch? branch = null;
        if (targets.Count > 1)
            trace.Add(branch = new(call));
        foreach (var target in targets)
        {
            var arm = branch?.NewArm() ?? trace;
            if (source.Body(target, cancellationToken) is { } body)
                VisitBody(body, target, call, origins.Enter(call, frame, target), arm, frame);
            else if (!target.IsAbstract && !target.IsPartialDefinition)
                Add(TrainingEventKind.Unknown, call, arm, frame);
        }
    }

    private void VisitBody(IOperation body, IMethodSymbol method, IOperation call, CallFrame entered, TraceList trace, CallFrame frame)
    {
        if (frame.IsRunning(method) || entered.Depth > DepthLimit)
        {
            Add(TrainingEventKind.Unknown, call, trace, frame);
            return;
        }

        visited(body.Syntax);

        // An iterator runs in turns with its consumer: what trains in it cannot be put in order.
        var isIterator = OriginResolver.OwnOperations(body).Any(operation => operation is IReturnOperation { Kind: OperationKind.YieldReturn });
        var outer = trace;
        if (isIterator)
            trace = new TraceList(owner: null);
        foreach (var part in body is ILocalFunctionOperation function ? (IEnumerable<IOperation?>)[function.Body] : body.ChildOperations)
            Visit(part, trace, entered);
        if (isIterator && trace.Events.Any(item => item.Kind is not (TrainingEventKind.Exit or TrainingEventKind.ModuleCall)))
            Add(TrainingEventKind.Unknown, call, outer, frame);
    }

    /// <summary>
    /// What a call can reach: the method itself, or for a virtual one the override of the type that its receiver is
    /// created as, or else every override in source. Null when it cannot be known.
    /// </summary>
    private IReadOnlyList<IMethodSymbol>? TargetsOf(IInvocationOperation call, CallFrame frame)
    {
        var method = call.TargetMethod;
        if (!call.IsVirtual && source.Declares(method))
            return [method];
        if (!call.IsVirtual)
            return null;
        var origin = origins.Of(call.Instance, frame);
        if (!origin.IsUnknown && origin.Sites.Count > 0 && origin.Sites.All(site => site.Value is not null))
        {
            var exact = origin.Sites
                .Select(site => site.Value!.Value.Operation.Type is INamedTypeSymbol type ? calls.Implementation(type, method) : null)
                .Distinct<IMethodSymbol?>(SymbolEqualityComparer.Default).ToArray();
            return exact.All(target => target is not null && source.Declares(target)) ? exact.OfType<IMethodSymbol>().ToArray() : null;
        }

        var candidates = calls.Overrides(method).Take(OverrideLimit + 1).ToArray();
        return candidates.Length is 0 or > OverrideLimit ? null : candidates;
    }

    private void VisitDelegate(IOperation? value, IInvocationOperation call, TraceList trace, CallFrame frame)
    {
        var origin = origins.Of(value, frame);
        if (origin.IsUnknown || origin.Sites.Count == 0)
        {
            Add(TrainingEventKind.Unknown, call, trace, frame);
            return;
        }

        TraceBranch? branch = null;
        if (origin.Sites.Count > 1)
            trace.Add(branch = new(call));
        foreach (var site in origin.Sites)
            VisitFunction(site.Value, call, branch?.NewArm() ?? trace, frame);
    }

    private void VisitFunction(FramedValue? function, IInvocationOperation call, TraceList trace, CallFrame frame)
    {
        var (method, body) = function?.Operation switch
        {
            IAnonymousFunctionOperation lambda => (lambda.Symbol, lambda.Body),
            IMethodReferenceOperation reference => (reference.Method, source.Body(reference.Method, cancellationToken)),
            _ => (null, null),
        };
        if (method is null || body is null)
        {
            Add(TrainingEventKind.Unknown, call, trace, frame);
            return;
        }

        var entered = new CallFrame(frame, call, method) { Receiver = (function?.Operation as IMethodReferenceOperation)?.Instance is { } instance and not IInstanceReferenceOperation ? new(instance, function?.Frame) : null };
        if (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke)
        {
            foreach (var argument in call.Arguments)
            {
                if (argument.Parameter is { } parameter && parameter.Ordinal < method.Parameters.Length)
                    entered.Bind(method.Parameters[parameter.Ordinal], new(argument.Value, frame));
            }
        }

        if (frame.IsRunning(method) || entered.Depth > DepthLimit)
            Add(TrainingEventKind.Unknown, call, trace, frame);
        else
            Visit(body is ILocalFunctionOperation local ? local.Body : body is IMethodBodyOperation whole ? (IOperation?)whole.BlockBody ?? whole.ExpressionBody : body, trace, entered);
        visited(body.Syntax);
    }

    /// <summary>
    /// Code outside the compilation cannot touch a gradient unless it knows TorchSharp, but may run the lambdas that it is
    /// given, once or many times.
    /// </summary>
    private void VisitForeignCall(IInvocationOperation call, TraceList trace, CallFrame frame)
    {
        if (calls.MayTouchGradients(call.TargetMethod))
            Add(TrainingEventKind.Unknown, call, trace, frame);
        foreach (var argument in call.Arguments.Where(argument => argument.Value is IDelegateCreationOperation))
        {
            if (calls.IsFromTorchSharp(call.TargetMethod))
                continue;
            var loop = new TraceLoop(call);
            trace.Add(loop);
            VisitDelegate(argument.Value, call, loop.Body, frame);
        }
    }

    private static void Add(TrainingEventKind kind, IOperation operation, TraceList trace, CallFrame frame) =>
        trace.Add(new TrainingEvent(kind, operation, frame, Origin.Unknown));

    private static bool MayLeave(IOperation statement)
    {
        if (statement is IReturnOperation or IBranchOperation or IExpressionStatementOperation or IVariableDeclarationGroupOperation or ILocalFunctionOperation)
            return false;
        var labels = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in OriginResolver.OwnOperations(statement))
        {
            switch (operation)
            {
                case ILoopOperation loop:
                    labels.Add(loop.ExitLabel);
                    labels.Add(loop.ContinueLabel);
                    break;
                case ISwitchOperation choice:
                    labels.Add(choice.ExitLabel);
                    break;
                case IReturnOperation { Kind: OperationKind.Return }:
                case IBranchOperation branch when !labels.Contains(branch.Target):
                    return true;
            }
        }

        return false;
    }
}
