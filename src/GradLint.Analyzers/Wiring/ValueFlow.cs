using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Wiring;

/// <summary>
/// Follows a value forward from the expression that makes it: through conversions, locals, collections, containers,
/// parameters of methods in source and the fields that hold it. What cannot be followed is a sink of its own kind.
/// </summary>
internal sealed partial class ValueFlow(SourceOperations source, KnownTypes types, CancellationToken cancellationToken)
{
    /// <summary>Steps after which a value counts as lost from sight.</summary>
    private const int StepBudget = 400;

    private readonly HashSet<(IOperation, bool)> _visited = [];
    private readonly List<Sink> _sinks = [];

    public static IReadOnlyList<Sink> SinksOf(IOperation value, SourceOperations source, KnownTypes types, CancellationToken cancellationToken)
    {
        var flow = new ValueFlow(source, types, cancellationToken);
        flow.Follow(value, isElement: false);
        return flow._sinks;
    }

    /// <param name="value">An expression that yields the value, or a collection that holds it.</param>
    /// <param name="isElement">Whether <paramref name="value"/> is a collection that holds it.</param>
    private void Follow(IOperation value, bool isElement)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_visited.Add((value, isElement)))
            return;
        if (_visited.Count > StepBudget)
        {
            Add(SinkKind.Unknown, value);
            return;
        }

        switch (value.Parent)
        {
            case null:
                Add(SinkKind.Unknown, value);
                break;
            case IExpressionStatementOperation or IIsTypeOperation or IIsPatternOperation or IBinaryOperation or INameOfOperation:
                break;
            case IConversionOperation or IParenthesizedOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation
                or ICoalesceOperation or IConditionalOperation or IAwaitOperation:
                Follow(value.Parent, isElement);
                break;
            case ITupleOperation or IArrayInitializerOperation:
                Follow(value.Parent, isElement: true);
                break;
            case IArrayCreationOperation or IObjectCreationOperation:
                Follow(value.Parent, isElement: true);
                break;
            case IObjectOrCollectionInitializerOperation { Parent: { } creation }:
                Follow(creation, isElement: true);
                break;
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                FollowLocal(declarator.Symbol, declarator, isElement);
                break;
            case IFieldInitializerOperation field:
                foreach (var symbol in field.InitializedFields)
                    FollowMember(symbol, value, isElement);
                break;
            case IPropertyInitializerOperation property:
                foreach (var symbol in property.InitializedProperties)
                    FollowMember(symbol, value, isElement);
                break;
            case IAssignmentOperation assignment when ReferenceEquals(assignment.Value, value):
                FollowAssignment(assignment, isElement);
                break;
            case IAssignmentOperation:
                break;
            case IArgumentOperation argument:
                FollowArgument(argument, isElement);
                break;
            case IReturnOperation result:
                FollowReturned(result, isElement || result.Kind == OperationKind.YieldReturn);
                break;
            case IInvocationOperation call when ReferenceEquals(call.Instance, value):
                FollowReceiver(call, isElement);
                break;
            case IConditionalAccessOperation access when ReferenceEquals(access.Operation, value):
                FollowConditionalAccess(access);
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: true } element when isElement:
                Follow(element, isElement: false);
                break;
            case IArrayElementReferenceOperation element when isElement:
                Follow(element, isElement: false);
                break;
            case IMemberReferenceOperation member when isElement && MayHold(member.Type):
                // `dictionary.Values`, `pair.Item2`
                Follow(member, isElement: !IsHeld(member.Type));
                break;
            case IMemberReferenceOperation:
                // Reads something of it: `layer.weight`, `list.Count`.
                break;
            case IForEachLoopOperation loop when ReferenceEquals(loop.Collection, value) && isElement:
                FollowLoopVariable(loop);
                break;
            case { Kind: NewerOperations.CollectionExpression } other:
                Follow(other, isElement: true);
                break;
            default:
                Add(SinkKind.Unknown, value);
                break;
        }
    }

    private void Add(SinkKind kind, IOperation operation, ISymbol? member = null) => _sinks.Add(new(kind, operation, member));

    private void FollowLocal(ISymbol local, IOperation declaration, bool isElement)
    {
        var root = declaration;
        while (root.Parent is not null)
            root = root.Parent;
        foreach (var reference in root.DescendantsAndSelf())
        {
            var isReference = reference switch
            {
                ILocalReferenceOperation localReference => SymbolEqualityComparer.Default.Equals(localReference.Local, local),
                IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, local),
                _ => false,
            };
            if (isReference)
                Follow(reference, isElement);
        }
    }

    private void FollowMember(ISymbol member, IOperation operation, bool isElement)
    {
        Add(isElement ? SinkKind.CollectionMember : SinkKind.Member, operation, member.OriginalDefinition);

        // What the field holds goes wherever the code of its type takes it.
        foreach (var reference in source.References(member, cancellationToken))
            Follow(reference, isElement);
    }

    private void FollowReturned(IReturnOperation result, bool isElement)
    {
        IOperation body = result;
        while (body.Parent is { } parent && body is not IAnonymousFunctionOperation and not ILocalFunctionOperation)
            body = parent;
        if (body is IAnonymousFunctionOperation lambda)
        {
            FollowLambdaResult(lambda, isElement);
            return;
        }

        Add(SinkKind.Returned, result);
        switch (body is ILocalFunctionOperation function ? function.Symbol : body.SemanticModel?.GetEnclosingSymbol(result.Syntax.SpanStart, cancellationToken))
        {
            case IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method:
                foreach (var call in source.Calls(method, cancellationToken))
                    Follow(call, isElement);
                break;
            default:
                Add(SinkKind.Unknown, result);
                break;
        }
    }

    /// <summary><c>….Select(_ => new Block())</c> yields what its lambda returns; any other lambda is called who knows where.</summary>
    private void FollowLambdaResult(IAnonymousFunctionOperation lambda, bool isElement)
    {
        if (lambda.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } } && IsLinq(call.TargetMethod) && MayHold(call.Type))
            Follow(call, isElement || !IsHeld(call.Type));
        else
            Add(SinkKind.Unknown, lambda);
    }

    private static bool IsLinq(IMethodSymbol method) =>
        method.ContainingType is { Name: nameof(Enumerable), ContainingNamespace: { Name: nameof(System.Linq), ContainingNamespace.Name: nameof(System) } };

    private void FollowAssignment(IAssignmentOperation assignment, bool isElement)
    {
        switch (assignment.Target)
        {
            case ILocalReferenceOperation local:
                FollowLocal(local.Local, assignment, isElement);
                break;
            case IFieldReferenceOperation field:
                FollowMember(field.Field, assignment, isElement);
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } collection }:
                FollowInto(collection, assignment);
                break;
            case IPropertyReferenceOperation property:
                FollowMember(property.Property, assignment, isElement);
                break;
            case IArrayElementReferenceOperation element:
                FollowInto(element.ArrayReference, assignment);
                break;
            case IDiscardOperation:
                break;
            default:
                Add(SinkKind.Unknown, assignment);
                break;
        }

        // An assignment is itself an expression: `a = b = Linear(…)`.
        Follow(assignment, isElement);
    }

    /// <summary>The value has been put into a collection: follows the collection.</summary>
    private void FollowInto(IOperation collection, IOperation operation)
    {
        switch (collection)
        {
            case ILocalReferenceOperation local:
                FollowLocal(local.Local, operation, isElement: true);
                break;
            case IParameterReferenceOperation parameter:
                FollowLocal(parameter.Parameter, operation, isElement: true);
                Add(SinkKind.Unknown, operation);
                break;
            case IFieldReferenceOperation field:
                FollowMember(field.Field, operation, isElement: true);
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: false } property:
                FollowMember(property.Property, operation, isElement: true);
                break;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver, Parent: { } parent }:
                // `new List<…> { value }`
                var creation = parent;
                while (creation is not null and not IObjectCreationOperation)
                    creation = creation.Parent;
                if (creation is not null)
                    Follow(creation, isElement: true);
                break;
            default:
                Add(SinkKind.Unknown, operation);
                break;
        }
    }

    private void FollowLoopVariable(IForEachLoopOperation loop)
    {
        foreach (var local in loop.Locals.Where(local => MayHold(local.Type)))
            FollowLocal(local, loop, isElement: !IsHeld(local.Type));
    }

    private bool IsHeld(ITypeSymbol? type) => types.IsModule(type) || types.IsParameter(type);

    /// <summary>Whether a value of the type can be, or contain, what is followed.</summary>
    private bool MayHold(ITypeSymbol? type) => type switch
    {
        null => false,
        IArrayTypeSymbol array => MayHold(array.ElementType),
        INamedTypeSymbol { TypeArguments.Length: > 0 } generic => IsHeld(generic) || generic.TypeArguments.Any(MayHold),
        _ => IsHeld(type),
    };
}
