using System.Collections.Concurrent;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Training;

/// <summary>
/// Follows a reference back to where its object is created: through locals, parameters, fields, properties, constructor
/// arguments and source methods that return it. What cannot be followed is unknown.
/// </summary>
internal sealed class OriginResolver(Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
{
    private const int StepBudget = 300;

    private readonly SourceOperations _source = SourceOperations.Of(compilation);
    private readonly ConcurrentDictionary<IOperation, ILookup<ISymbol, IOperation?>> _assigned = new();
    private readonly Dictionary<(SyntaxNode, CallFrame?), Origin> _known = [];

    public Origin Of(IOperation? value, CallFrame? frame)
    {
        if (value is null)
            return Origin.Unknown;
        if (_known.TryGetValue((value.Syntax, frame), out var known))
            return known;
        var search = new Search(this);
        search.Follow(value, frame);
        return _known[(value.Syntax, frame)] = new(search.Sites, search.IsUnknown);
    }

    /// <summary>Every value that the body assigns to a local or parameter; null stands for one that cannot be followed.</summary>
    public IEnumerable<IOperation?> ValuesOf(ISymbol localOrParameter, IOperation reference)
    {
        var root = reference;
        while (root.Parent is not null)
            root = root.Parent;
        return _assigned.GetOrAdd(root, static body => Assignments(body).ToLookup(pair => pair.Symbol, pair => pair.Value, SymbolEqualityComparer.Default))[localOrParameter];
    }

    /// <summary>The values that a source method returns.</summary>
    public IEnumerable<IOperation?> ReturnsOf(IMethodSymbol method)
    {
        if (_source.Body(method, cancellationToken) is not { } body)
            return [null];
        var returned = OwnOperations(body).OfType<IReturnOperation>().Where(operation => operation.ReturnedValue is not null).Select(operation => operation.ReturnedValue).ToArray();
        return returned.Length == 0 ? [null] : returned;
    }

    /// <summary>The operations of a body, without those of the lambdas and local functions in it.</summary>
    public static IEnumerable<IOperation> OwnOperations(IOperation body)
    {
        var pending = new Stack<IOperation>([body]);
        while (pending.Count > 0)
        {
            var operation = pending.Pop();
            yield return operation;
            foreach (var child in operation.ChildOperations.Reverse())
            {
                if (child is not IAnonymousFunctionOperation and not ILocalFunctionOperation)
                    pending.Push(child);
            }
        }
    }

    private static IEnumerable<(ISymbol Symbol, IOperation? Value)> Assignments(IOperation body)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation { Parent: not IForEachLoopOperation } declarator when Initializer(declarator) is { } initializer:
                    yield return (declarator.Symbol, initializer);
                    break;
                case ISimpleAssignmentOperation assignment when LocalOf(assignment.Target) is { } target:
                    yield return (target, assignment.Value);
                    break;
                case IDeconstructionAssignmentOperation deconstruction:
                    foreach (var pair in Deconstructed(deconstruction.Target, deconstruction.Value))
                        yield return pair;
                    break;
                case IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument when LocalOf(argument.Value) is { } target:
                    yield return (target, null);
                    break;
                case ICompoundAssignmentOperation compound when LocalOf(compound.Target) is { } target:
                    yield return (target, compound);
                    break;
                case ICoalesceAssignmentOperation coalesce when LocalOf(coalesce.Target) is { } target:
                    yield return (target, coalesce.Value);
                    break;
                case IForEachLoopOperation loop:
                    foreach (var local in loop.Locals)
                        yield return (local, null);
                    break;
                case IDeclarationPatternOperation { DeclaredSymbol: { } pattern }:
                    yield return (pattern, null);
                    break;
            }
        }
    }

    private static IOperation? Initializer(IVariableDeclaratorOperation declarator) =>
        (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value;

    private static IEnumerable<(ISymbol, IOperation?)> Deconstructed(IOperation target, IOperation? value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        if (target is IDeclarationExpressionOperation declaration)
            target = declaration.Expression;
        if (target is ITupleOperation targets)
        {
            var values = (value as ITupleOperation)?.Elements;
            for (var i = 0; i < targets.Elements.Length; i++)
            {
                foreach (var pair in Deconstructed(targets.Elements[i], values is { } elements && i < elements.Length ? elements[i] : null))
                    yield return pair;
            }
        }
        else if (LocalOf(target) is { } local)
        {
            yield return (local, value);
        }
    }

    private static ISymbol? LocalOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IDeclarationExpressionOperation declaration => LocalOf(declaration.Expression),
        _ => null,
    };

    private sealed class Search(OriginResolver owner)
    {
        private readonly HashSet<(IOperation, CallFrame?)> _visited = [];

        public List<OriginSite> Sites { get; } = [];

        public bool IsUnknown { get; private set; }

        public void Follow(IOperation? value, CallFrame? frame)
        {
            owner.Cancellation.ThrowIfCancellationRequested();
            if (value is null || _visited.Count > StepBudget)
            {
                IsUnknown = true;
                return;
            }

            if (!_visited.Add((value, frame)))
                return;
            switch (value)
            {
                case ILiteralOperation or IDefaultValueOperation:
                    break;
                case IConversionOperation conversion:
                    Follow(conversion.Operand, frame);
                    break;
                case IParenthesizedOperation parenthesized:
                    Follow(parenthesized.Operand, frame);
                    break;
                case IDelegateCreationOperation creation:
                    Follow(creation.Target, frame);
                    break;
                case IAssignmentOperation assignment:
                    Follow(assignment.Value, frame);
                    break;
                case IConditionalOperation conditional:
                    Follow(conditional.WhenTrue, frame);
                    Follow(conditional.WhenFalse, frame);
                    break;
                case ICoalesceOperation coalesce:
                    Follow(coalesce.Value, frame);
                    Follow(coalesce.WhenNull, frame);
                    break;
                case ISwitchExpressionOperation choice:
                    foreach (var arm in choice.Arms)
                        Follow(arm.Value, frame);
                    break;
                case IThrowOperation:
                    break;
                case ILocalReferenceOperation local:
                    FollowValues(owner.ValuesOf(local.Local, local), FrameOf(local.Local, frame));
                    break;
                case IParameterReferenceOperation parameter:
                    FollowParameter(parameter, frame);
                    break;
                case IFieldReferenceOperation field:
                    FollowMember(field.Field);
                    break;
                case IPropertyReferenceOperation { Property.IsIndexer: false } property:
                    FollowProperty(property, frame);
                    break;
                case IConditionalAccessInstanceOperation instance:
                    Follow(Accessed(instance), frame);
                    break;
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } self:
                    if (ReceiverOf(frame) is { } receiver)
                        Follow(receiver.Operation, receiver.Frame);
                    else
                        Add(self.Type ?? (object)self.Syntax, null);
                    break;
                case IInvocationOperation call:
                    FollowCall(call, frame);
                    break;
                case IObjectCreationOperation or IAnonymousFunctionOperation or IMethodReferenceOperation:
                    Add(value.Syntax, new(value, frame));
                    break;
                default:
                    IsUnknown = true;
                    break;
            }
        }

        private void Add(object key, FramedValue? value)
        {
            if (key is ISymbol symbol)
                key = symbol.OriginalDefinition;
            Sites.Add(new(key, value));
        }

        private void FollowValues(IEnumerable<IOperation?> values, CallFrame? frame)
        {
            var found = false;
            foreach (var value in values)
            {
                found = true;
                Follow(value, frame);
            }

            IsUnknown |= !found;
        }

        /// <summary>The activation that a captured local belongs to: that of the method around the local function or lambda.</summary>
        private static CallFrame? FrameOf(ILocalSymbol local, CallFrame? frame)
        {
            for (var outer = frame; outer is not null; outer = outer.Caller)
            {
                if (SymbolEqualityComparer.Default.Equals(outer.Method?.OriginalDefinition, local.ContainingSymbol.OriginalDefinition))
                    return outer;
            }

            return frame;
        }

        private void FollowParameter(IParameterReferenceOperation reference, CallFrame? frame)
        {
            if (frame?.Binding(reference.Parameter) is { } bound)
                Follow(bound.Operation, bound.Frame);
            else
                FollowConstructorParameter(reference.Parameter);
            foreach (var value in owner.ValuesOf(reference.Parameter, reference))
                Follow(value, frame);
        }

        private void FollowProperty(IPropertyReferenceOperation reference, CallFrame? frame)
        {
            var property = reference.Property;
            if (property.GetMethod is { } getter && !property.IsVirtual && !property.IsAbstract && owner.Source.Body(getter, owner.Cancellation) is not null)
                FollowValues(owner.ReturnsOf(getter), new CallFrame(frame, reference, getter));
            else
                FollowMember(property);
        }

        private void FollowMember(ISymbol member)
        {
            var before = (Sites.Count, IsUnknown);
            if (owner.Source.Declares(member))
            {
                if (owner.Source.Initializer(member, owner.Cancellation) is { } initializer)
                    Follow(initializer is ISymbolInitializerOperation { Value: { } value } ? value : initializer, null);
                foreach (var reference in owner.Source.References(member, owner.Cancellation))
                {
                    if (reference.Parent is IAssignmentOperation assignment && ReferenceEquals(assignment.Target, reference))
                        Follow(assignment.Value, null);
                }
            }

            // Set from outside, or only by what is not to be seen.
            if (before == (Sites.Count, IsUnknown))
                Add(member, null);
        }

        /// <summary>What a constructor is given, the places say that construct the type.</summary>
        private void FollowConstructorParameter(IParameterSymbol parameter)
        {
            var creations = parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
                ? CreationSites.Of(owner.Compilation).Constructing(constructor.ContainingType, owner.Cancellation)
                    .Where(creation => SymbolEqualityComparer.Default.Equals(creation.Constructor?.OriginalDefinition, constructor.OriginalDefinition))
                    .ToArray()
                : [];
            if (creations.Length == 0)
                Add(parameter, null);
            foreach (var creation in creations)
                Follow(creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value, null);
        }

        private void FollowCall(IInvocationOperation call, CallFrame? frame)
        {
            var method = call.TargetMethod;
            if (owner.Source.Declares(method) && !method.IsVirtual && !method.IsAbstract && !method.IsOverride)
            {
                if (frame?.IsRunning(method) == true && frame.Depth > 20)
                    IsUnknown = true;
                else
                    FollowValues(owner.ReturnsOf(method), owner.Enter(call, frame));
            }
            else if (owner.ReturnsItsModule(call, out var module))
            {
                Follow(module, frame);
            }
            else if (owner.Types.IsFromTorchSharp(method) && owner.Creates(call.Type))
            {
                Add(call.Syntax, new(call, frame));
            }
            else
            {
                IsUnknown = true;
            }
        }

        private static FramedValue? ReceiverOf(CallFrame? frame)
        {
            for (; frame is not null; frame = frame.Caller)
            {
                if (frame.Receiver is { } receiver)
                    return receiver;
                if (frame.Method is { IsStatic: false, MethodKind: not (MethodKind.AnonymousFunction or MethodKind.LocalFunction) })
                    return null;
            }

            return null;
        }

        private static IOperation? Accessed(IConditionalAccessInstanceOperation instance)
        {
            for (var parent = instance.Parent; parent is not null; parent = parent.Parent)
            {
                if (parent is IConditionalAccessOperation access)
                    return access.Operation;
            }

            return null;
        }
    }

    private Compilation Compilation => compilation;

    private KnownTypes Types => types;

    private SourceOperations Source => _source;

    private CancellationToken Cancellation => cancellationToken;

    /// <summary>The frame of a call of a source method.</summary>
    public CallFrame Enter(IInvocationOperation call, CallFrame? frame, IMethodSymbol? target = null)
    {
        var method = target ?? call.TargetMethod;
        var entered = new CallFrame(frame, call, method) { Receiver = call.Instance is { } instance and not IInstanceReferenceOperation ? new(instance, frame) : null };
        BindArguments(entered, method, call.Arguments, frame);
        return entered;
    }

    public static void BindArguments(CallFrame entered, IMethodSymbol method, IEnumerable<IArgumentOperation> arguments, CallFrame? frame)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter && parameter.Ordinal < method.Parameters.Length)
                entered.Bind(method.OriginalDefinition.Parameters[parameter.Ordinal], new(argument.Value, frame));
        }
    }

    /// <summary><c>model.to(device)</c> and the like return the model itself.</summary>
    private bool ReturnsItsModule(IInvocationOperation call, out IOperation? module)
    {
        module = call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault()?.Value : null);
        return types.IsFromTorchSharp(call.TargetMethod)
            && types.IsModule(call.Type)
            && types.IsModule(module?.Type)
            && call.TargetMethod.Name is not (Member.Append or Member.Add);
    }

    private bool Creates(ITypeSymbol? type) =>
        types.IsOptimizer(type) || types.IsScheduler(type) || types.IsModule(type) || types.IsTensor(type);
}
