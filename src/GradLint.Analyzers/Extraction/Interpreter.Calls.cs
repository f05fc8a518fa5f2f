using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>Calls: of source methods, which are followed, and of TorchSharp and the base library, whose meaning is built in.</summary>
internal sealed partial class Interpreter
{
    private Value EvaluateInvocation(IInvocationOperation invocation)
    {
        var receiver = invocation.Instance is null ? null : Evaluate(invocation.Instance);
        var arguments = EvaluateArguments(invocation.Arguments);
        var method = invocation.TargetMethod;

        if (method.MethodKind == MethodKind.DelegateInvoke)
            return receiver is FunctionValue function ? Invoke(function, arguments, invocation) : Escape(arguments, invocation, Derived(receiver));
        if (invocation.IsVirtual && receiver is ObjectValue instance)
            method = MostDerived(method, instance.Type);
        var result = Call(method, receiver, arguments, invocation);
        WriteBack(arguments);
        return result;
    }

    private Arguments EvaluateArguments(ImmutableArray<IArgumentOperation> arguments)
    {
        if (arguments.IsEmpty)
            return Arguments.None;

        // Evaluated in the order they are written, then put in the order of the parameters.
        var evaluated = ImmutableArray.CreateBuilder<Argument>(arguments.Length);
        var isInOrder = true;
        foreach (var argument in arguments)
        {
            isInOrder &= evaluated.Count == 0 || Ordinal(evaluated[evaluated.Count - 1]) <= (argument.Parameter?.Ordinal ?? 0);
            evaluated.Add(argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out ? PassReference(argument) : new(argument.Parameter, EvaluateArgument(argument)));
        }
        return new(isInOrder ? evaluated.MoveToImmutable() : evaluated.OrderBy(Ordinal).ToImmutableArray());
    }

    private static int Ordinal(Argument argument) => argument.Parameter?.Ordinal ?? 0;

    private Value EvaluateArgument(IArgumentOperation argument)
    {
        // The default of an optional parameter is bound as a constant of the underlying type.
        if (argument.ArgumentKind == ArgumentKind.DefaultValue && argument.Parameter?.Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration
            && argument.Value.ConstantValue is { HasValue: true, Value: { } number })
            return new EnumValue(enumeration, EnumValue.NumberOf(number));
        return Copied(Evaluate(argument.Value));
    }

    private Argument PassReference(IArgumentOperation argument)
    {
        var target = argument.Value is IDeclarationExpressionOperation declaration ? declaration.Expression : argument.Value;
        if (CellOf(target) is { } cell)
            return new(argument.Parameter, cell.Value, cell);

        // An element, a property or a static field: written when the call returns.
        var place = PlaceOf(target);
        var value = place.Read();
        return new(argument.Parameter, value, new(value), place);
    }

    private Value Call(IMethodSymbol method, Value? receiver, IEnumerable<Value> arguments, IOperation place) =>
        Call(method, receiver, Arguments.Bind(method, arguments), place);

    private Value Call(IMethodSymbol method, Value? receiver, Arguments arguments, IOperation place)
    {
        if (_source.Declares(method))
            return InvokeSource(method, receiver, arguments, place);
        if (_types.IsFromTorchSharp(method))
            return CallTorch(method, receiver, arguments, place);
        return CallSystem(method, receiver, arguments, place);
    }

    /// <summary>Calls a delegate with values.</summary>
    private Value Invoke(Value? function, IOperation place, params Value[] values) =>
        function is FunctionValue known ? Invoke(known, Arguments.Bind(known.Method, values), place) : Derived(function);

    private Value Invoke(FunctionValue function, Arguments arguments, IOperation place)
    {
        if (function.Body is null)
        {
            var method = function.Receiver is ObjectValue instance ? MostDerived(function.Method, instance.Type) : function.Method;
            return Call(method, function.Receiver, Rebind(arguments, method), place);
        }
        return Run(function.Method, function.Body, function.DefinedIn!.Instance, Rebind(arguments, function.Method), place, function.DefinedIn);
    }

    /// <summary>Arguments of a delegate's <c>Invoke</c> given to the method behind it; its optional parameters take their defaults.</summary>
    private static Arguments Rebind(Arguments arguments, IMethodSymbol method)
    {
        var values = arguments.All.Select((argument, index) =>
            argument with { Parameter = index < method.Parameters.Length ? method.Parameters[index] : null });
        var defaults = method.Parameters.Skip(arguments.Count).Where(parameter => parameter.HasExplicitDefaultValue)
            .Select(parameter => new Argument(parameter, ExplicitDefault(parameter)));
        return new(values.Concat(defaults).ToImmutableArray());
    }

    private static Value ExplicitDefault(IParameterSymbol parameter) =>
        parameter.Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration && parameter.ExplicitDefaultValue is { } number
            ? new EnumValue(enumeration, EnumValue.NumberOf(number))
            : parameter.ExplicitDefaultValue is null ? DefaultValue.Of(parameter.Type) : ConstantValue.Of(parameter.ExplicitDefaultValue);

    private Value InvokeSource(IMethodSymbol method, Value? receiver, Arguments arguments, IOperation place)
    {
        var body = _source.Body(method, _cancellationToken);
        if (body is ILocalFunctionOperation local)
            body = local.Body;
        if (body is null)
            return Escape(arguments, place, Unknown($"comes from '{method.Name}', which has no body", place));

        var definedIn = method.MethodKind == MethodKind.LocalFunction ? FrameAround(method) : null;
        if (receiver is not (null or ObjectValue))
            receiver = null;
        return Run(method, body, receiver as ObjectValue ?? definedIn?.Instance, arguments, place, definedIn);
    }

    private Value Run(IMethodSymbol method, IOperation body, ObjectValue? instance, Arguments arguments, IOperation place, Frame? definedIn)
    {
        if (_callDepth >= _budget.CallDepth)
            return Unknown("is called too deeply to be followed", place);

        var frame = new Frame(instance, _journal.Mark, definedIn) { Method = method.OriginalDefinition };
        BindTypeArguments(frame, method, instance);
        Declare(frame, method, arguments);

        _callDepth++;
        try
        {
            return InFrame(frame, () => Result(method, Execute(body), place));
        }
        finally
        {
            _callDepth--;
        }
    }

    /// <summary>The frame of what a local function is declared in, whose variables and object it shares.</summary>
    private Frame FrameAround(IMethodSymbol localFunction) => _frame.Around(localFunction.OriginalDefinition.ContainingSymbol) ?? _frame;

    private void BindTypeArguments(Frame frame, IMethodSymbol method, ObjectValue? instance)
    {
        frame.BindTypeArguments(method, _frame);
        for (var type = instance?.Type; type is not null; type = type.BaseType)
            frame.BindTypeArguments(type, _frame);
    }

    private void Declare(Frame frame, IMethodSymbol method, Arguments arguments)
    {
        var definition = method.PartialImplementationPart ?? method;
        foreach (var argument in arguments.All)
        {
            if (argument.Parameter is not { } parameter || parameter.Ordinal >= definition.Parameters.Length)
                continue;
            var symbol = definition.OriginalDefinition.Parameters[parameter.Ordinal];
            frame.Declare(symbol, argument.Reference ?? new(Copied(argument.Value)));
        }

        // A call through a base declaration or delegate may leave out what has a default here.
        foreach (var parameter in definition.OriginalDefinition.Parameters)
        {
            if (frame.Find(parameter) is null && parameter.HasExplicitDefaultValue)
                frame.Declare(parameter, new(ExplicitDefault(parameter)));
        }
    }

    private Value Result(IMethodSymbol method, Completion completion, IOperation place)
    {
        var isReached = completion is not Completion.Throw;
        var met = MeetExits(Completion.Return, 0, isReached);
        if (_frame.Yielded is not null)
            return new ListValue(_frame.Yielded ?? []);
        _unfollowedCalls += isReached ? 0 : 1;
        if (!isReached && !met)
            return Unknown($"ends in an exception in '{method.Name}'", place);
        return _frame.Result ?? (method.ReturnsVoid ? ConstantValue.Null : Unknown($"is not returned by '{method.Name}'", place));
    }

    private T InFrame<T>(Frame frame, Func<T> run)
    {
        var caller = _frame;
        _frame = frame;
        try
        {
            return run();
        }
        finally
        {
            _frame = caller;
        }
    }

    /// <summary>The implementation of a virtual or interface method that an object of the given type runs.</summary>
    private static IMethodSymbol MostDerived(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
            return type.FindImplementationForInterfaceMember(method) as IMethodSymbol ?? method;
        if (!(method.IsVirtual || method.IsAbstract || method.IsOverride))
            return method;

        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var candidate in current.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                for (var ancestor = candidate; ancestor is not null; ancestor = ancestor.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(ancestor.OriginalDefinition, method.OriginalDefinition))
                        return method.IsGenericMethod ? candidate.OriginalDefinition.Construct(method.TypeArguments.ToArray()) : candidate;
                }
            }
        }
        return method;
    }

    private static IPropertySymbol MostDerived(IPropertySymbol property, INamedTypeSymbol type)
    {
        if (property.ContainingType.TypeKind == TypeKind.Interface)
            return type.FindImplementationForInterfaceMember(property) as IPropertySymbol ?? property;
        if (!(property.IsVirtual || property.IsAbstract || property.IsOverride))
            return property;

        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var candidate in current.GetMembers(property.Name).OfType<IPropertySymbol>())
            {
                for (var ancestor = candidate; ancestor is not null; ancestor = ancestor.OverriddenProperty)
                {
                    if (SymbolEqualityComparer.Default.Equals(ancestor.OriginalDefinition, property.OriginalDefinition))
                        return candidate;
                }
            }
        }
        return property;
    }
}
