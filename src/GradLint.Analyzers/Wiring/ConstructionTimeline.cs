using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Wiring;

/// <summary>
/// What happens to the components of a module while one of its constructors runs, in the order in which it happens:
/// field initialisers, the base constructor, the body, and the methods of its own that these call.
/// </summary>
internal sealed class ConstructionTimeline
{
    private const int CallDepth = 8;

    /// <summary>Nesting of expressions beyond which code is not read: far above what people write, far below the stack's end.</summary>
    private const int NestingLimit = 400;

    private readonly INamedTypeSymbol _type;
    private readonly SourceOperations _source;
    private readonly KnownTypes _types;
    private readonly CancellationToken _cancellationToken;
    private readonly List<ConstructionEvent> _events = [];
    private readonly Stack<IMethodSymbol> _calls = new();

    /// <summary>How many branches, loops and other places that may not run surround the current operation.</summary>
    private int _uncertainty;
    private int _nesting;

    private ConstructionTimeline(INamedTypeSymbol type, SourceOperations source, KnownTypes types, CancellationToken cancellationToken)
    {
        _type = type;
        _source = source;
        _types = types;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Reads the construction of <paramref name="type"/>, whose overrides are the ones called, by <paramref name="constructor"/>.</summary>
    public static IReadOnlyList<ConstructionEvent> Of(
        INamedTypeSymbol type, IMethodSymbol constructor, SourceOperations source, KnownTypes types, CancellationToken cancellationToken)
    {
        var timeline = new ConstructionTimeline(type, source, types, cancellationToken);
        timeline.Construct(constructor);
        return timeline._events;
    }

    private void Construct(IMethodSymbol constructor)
    {
        if (!Enter(constructor))
            return;
        var body = _source.Body(constructor, _cancellationToken);
        var chained = body switch
        {
            IConstructorBodyOperation { Initializer: { } initializer } => Call(initializer),
            _ => Call(body),
        };

        if (chained is { TargetMethod: { } target } && SymbolEqualityComparer.Default.Equals(target.ContainingType, constructor.ContainingType))
        {
            Construct(target);
        }
        else
        {
            InitializeFields(constructor.ContainingType);
            ConstructBase(constructor.ContainingType, chained?.TargetMethod);
        }

        if (body is IConstructorBodyOperation constructorBody)
        {
            Visit(constructorBody.BlockBody);
            Visit(constructorBody.ExpressionBody);
        }

        _calls.Pop();
    }

    private static IInvocationOperation? Call(IOperation? operation) => operation switch
    {
        IInvocationOperation call => call,
        IExpressionStatementOperation { Operation: IInvocationOperation call } => call,
        _ => null,
    };

    private void ConstructBase(INamedTypeSymbol type, IMethodSymbol? constructor)
    {
        if (type.BaseType is not { } baseType)
            return;
        if (_types.IsFromTorchSharp(baseType))
        {
            // Those of TorchSharp that are made to be derived from register nothing themselves; Sequential adds its arguments.
            if (_types.IsSequential(baseType))
                Add(ConstructionEventKind.Unknown, null);
            return;
        }

        constructor ??= baseType.InstanceConstructors.FirstOrDefault(candidate => candidate.Parameters.Length == 0);
        if (constructor is null || !_source.Declares(baseType))
            Add(ConstructionEventKind.Unknown, null);
        else
            Construct(constructor);
    }

    private void InitializeFields(INamedTypeSymbol type)
    {
        foreach (var member in type.OriginalDefinition.GetMembers())
        {
            if (!member.IsStatic && _source.Initializer(member, _cancellationToken) is ISymbolInitializerOperation initializer)
            {
                Visit(initializer.Value);
                Add(ConstructionEventKind.Assign, initializer, member, initializer.Value);
            }
        }
    }

    private void Visit(IOperation? operation)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        switch (operation)
        {
            case null:
            case INameOfOperation:
                break;
            case IConditionalOperation conditional:
                Visit(conditional.Condition);
                VisitUncertain(conditional.WhenTrue);
                VisitUncertain(conditional.WhenFalse);
                break;
            case IReturnOperation when _uncertainty > 0:
                Visit(operation.ChildOperations.FirstOrDefault());

                // Whatever follows may not be reached; this is never taken back.
                _uncertainty++;
                break;
            case IAnonymousFunctionOperation lambda:
                // Runs later, or never.
                if (lambda.Body.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call => IsOnThis(call.Instance)))
                    Add(ConstructionEventKind.Unknown, lambda);
                break;
            case ILocalFunctionOperation:
                break;
            default:
                if (MayNotRun(operation))
                    VisitUncertain(operation);
                else
                    VisitChildren(operation);
                break;
        }
    }

    private static bool MayNotRun(IOperation operation) => operation
        is ILoopOperation or ISwitchOperation or ISwitchExpressionOperation or ICatchClauseOperation
        or ICoalesceOperation or ICoalesceAssignmentOperation or IConditionalAccessOperation;

    private void VisitUncertain(IOperation? operation)
    {
        _uncertainty++;
        if (operation is not null && MayNotRun(operation))
            VisitChildren(operation);
        else
            Visit(operation);
        _uncertainty--;
    }

    /// <summary>Evaluates the parts of an operation, then the operation itself.</summary>
    private void VisitChildren(IOperation operation)
    {
        if (_nesting == NestingLimit)
        {
            Add(ConstructionEventKind.Unknown, operation);
            return;
        }

        _nesting++;
        foreach (var child in operation.ChildOperations)
            Visit(child);
        _nesting--;

        switch (operation)
        {
            case IInvocationOperation call:
                Invoke(call);
                break;
            case IDeconstructionAssignmentOperation { Target: ITupleOperation targets } deconstruction:
                Deconstruct(deconstruction, targets);
                break;
            case IAssignmentOperation assignment:
                Assign(assignment.Target, assignment.Value, assignment);
                break;
            case IArgumentOperation { Parameter.RefKind: not RefKind.None } argument:
                Assign(argument.Value, null, argument);
                break;
            case IArgumentOperation { Value: var value } argument when IsOnThis(Unconverted(value)):
                // `this` leaves our sight: whoever gets it may register on it.
                Add(ConstructionEventKind.Unknown, argument);
                break;
        }
    }

    private void Deconstruct(IOperation operation, ITupleOperation targets)
    {
        var value = Unconverted(((IDeconstructionAssignmentOperation)operation).Value) as ITupleOperation;
        for (var i = 0; i < targets.Elements.Length; i++)
            Assign(targets.Elements[i], value?.Elements.ElementAtOrDefault(i), operation);
    }

    private void Assign(IOperation target, IOperation? value, IOperation operation)
    {
        switch (target)
        {
            case IFieldReferenceOperation field when IsOnThis(field.Instance):
                Add(ConstructionEventKind.Assign, operation, field.Field, value);
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: false } property when IsOnThis(property.Instance):
                Add(ConstructionEventKind.Assign, operation, property.Property, value);
                if (property.Property.SetMethod is { } setter && _source.Body(setter, _cancellationToken) is not null)
                    Inline(setter);
                break;
        }
    }

    private void Invoke(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (IsOnThis(call.Instance))
        {
            InvokeOnThis(call, method);
        }
        else if (method.MethodKind == MethodKind.LocalFunction)
        {
            Inline(method);
        }
        else if (HeldModuleCollection(call.Instance) is { } member
            && method.Name is Member.Add or Member.Append or Member.Extend or Member.Insert)
        {
            Add(ConstructionEventKind.Fill, call, member, call.Arguments.LastOrDefault()?.Value);
        }
    }

    private void InvokeOnThis(IInvocationOperation call, IMethodSymbol method)
    {
        var target = call.Instance is IInstanceReferenceOperation { Syntax: Microsoft.CodeAnalysis.CSharp.Syntax.BaseExpressionSyntax } || !call.IsVirtual
            ? method
            : MostDerived(method);
        if (!_types.IsFromTorchSharp(target))
            Inline(target);
        else if (target.Name == Member.RegisterComponents)
            Add(ConstructionEventKind.RegisterAll, call);
        else if (target.Name is Member.RegisterModule or Member.AddModule or Member.RegisterParameter or Member.RegisterBuffer)
            Add(ConstructionEventKind.RegisterOne, call, value: call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 1)?.Value);
    }

    private IMethodSymbol MostDerived(IMethodSymbol method)
    {
        for (var type = _type; type is not null; type = type.BaseType)
        {
            foreach (var candidate in type.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                for (var overridden = candidate; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                        return candidate;
                }
            }
        }

        return method;
    }

    private void Inline(IMethodSymbol method)
    {
        if (_source.Body(method, _cancellationToken) is not { } body)
        {
            Add(ConstructionEventKind.Unknown, null);
        }
        else if (Enter(method))
        {
            VisitChildren(body);
            _calls.Pop();
        }
    }

    private bool Enter(IMethodSymbol method)
    {
        if (_calls.Count >= CallDepth || _calls.Contains(method, SymbolEqualityComparer.Default))
        {
            Add(ConstructionEventKind.Unknown, null);
            return false;
        }

        _calls.Push(method);
        return true;
    }

    private void Add(ConstructionEventKind kind, IOperation? operation, ISymbol? member = null, IOperation? value = null) =>
        _events.Add(new(kind, operation, member?.OriginalDefinition, value, IsCertain: _uncertainty == 0));

    private ISymbol? HeldModuleCollection(IOperation? instance) =>
        instance is IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } member
        && IsOnThis(member.Instance)
        && (_types.IsModuleList(member.Type) || _types.IsModuleDict(member.Type))
            ? member.Member
            : null;

    private static bool IsOnThis(IOperation? instance) =>
        instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    private static IOperation Unconverted(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
            operation = conversion.Operand;
        return operation;
    }
}
