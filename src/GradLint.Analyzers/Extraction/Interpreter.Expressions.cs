using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

internal sealed partial class Interpreter
{
    private Value EvaluateCore(IOperation operation)
    {
        if (operation.ConstantValue.HasValue && operation is not IInterpolatedStringOperation)
        {
            return operation.Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration && operation.ConstantValue.Value is { } number
                ? new EnumValue(enumeration, EnumValue.NumberOf(number))
                : ConstantValue.Of(operation.ConstantValue.Value);
        }

        switch (operation)
        {
            case ILocalReferenceOperation local:
                return ReadVariable(local.Local, local);
            case IParameterReferenceOperation parameter:
                return ReadParameter(parameter);
            case IFieldReferenceOperation field:
                return ReadField(field);
            case IPropertyReferenceOperation property:
                return ReadProperty(property);
            case IInvocationOperation invocation:
                return EvaluateInvocation(invocation);
            case IObjectCreationOperation creation:
                return EvaluateCreation(creation);
            case ITypeParameterObjectCreationOperation creation:
                return CreateTypeArgument(creation);
            case IInstanceReferenceOperation instance:
                return EvaluateInstance(instance);
            case IConversionOperation conversion:
                return EvaluateConversion(conversion);
            case IBinaryOperation binary:
                return EvaluateBinary(binary);
            case IUnaryOperation unary:
                return EvaluateUnary(unary);
            case IConditionalOperation conditional:
                return EvaluateConditional(conditional);
            case ICoalesceOperation coalesce:
                return EvaluateCoalesce(coalesce);
            case IConditionalAccessOperation access:
                return EvaluateConditionalAccess(access);
            case IConditionalAccessInstanceOperation instance:
                return _frame.ImplicitReceivers.Count > 0 ? _frame.ImplicitReceivers.Peek() : Unknown("has no receiver", instance);
            case ISimpleAssignmentOperation assignment:
                return EvaluateAssignment(assignment);
            case ICompoundAssignmentOperation assignment:
                return EvaluateCompoundAssignment(assignment);
            case ICoalesceAssignmentOperation assignment:
                return EvaluateCoalesceAssignment(assignment);
            case IIncrementOrDecrementOperation increment:
                return EvaluateIncrement(increment);
            case IDeconstructionAssignmentOperation deconstruction:
                return Deconstruct(deconstruction.Target, Evaluate(deconstruction.Value));
            case IDeclarationExpressionOperation declaration:
                return Evaluate(declaration.Expression);
            case ITupleOperation tuple:
                return new TupleValue(tuple.Elements.Select(element => Copied(Evaluate(element))).ToImmutableArray());
            case IArrayCreationOperation array:
                return EvaluateArray(array);
            case IArrayElementReferenceOperation element:
                return PlaceOf(element).Read();
            case IDelegateCreationOperation creation:
                return Evaluate(creation.Target);
            case IAnonymousFunctionOperation lambda:
                return new FunctionValue(lambda.Symbol, lambda.Body, _frame.Capture());
            case IMethodReferenceOperation reference:
                return EvaluateMethodReference(reference);
            case ISwitchExpressionOperation choice:
                return EvaluateSwitch(choice);
            case IIsPatternOperation match:
                return Truth(Match(match.Pattern, Evaluate(match.Value)), match);
            case IIsTypeOperation test:
                return Truth(IsOfType(Evaluate(test.ValueOperand), test.TypeOperand) is { } isType ? isType != test.IsNegated : null, test);
            case ITypeOfOperation type:
                return new TypeValue(_frame.Substitute(type.TypeOperand));
            case IDefaultValueOperation:
                return DefaultValue.Of(operation.Type is null ? null : _frame.Substitute(operation.Type));
            case IInterpolatedStringOperation text:
                return EvaluateInterpolation(text);
            case IParenthesizedOperation parenthesized:
                return Evaluate(parenthesized.Operand);
            case IAwaitOperation awaited:
                return Evaluate(awaited.Operation);
            case IRangeOperation range:
                return new RangeValue(range.LeftOperand is null ? null : Evaluate(range.LeftOperand), range.RightOperand is null ? null : Evaluate(range.RightOperand));
            case IImplicitIndexerReferenceOperation indexer:
                return PlaceOf(indexer).Read();
            case ITranslatedQueryOperation query:
                return Evaluate(query.Operation);
            case IThrowOperation:
                return Unknown("is an exception", operation);
            case IDiscardOperation:
                return Unknown("is discarded", operation);
            case IWithOperation copy:
                return EvaluateWith(copy);
            case IVariableInitializerOperation initializer:
                return Evaluate(initializer.Value);
            case IInvalidOperation:
                return Unknown("does not compile", operation);
        }

        return operation.Kind == NewerOperations.CollectionExpression
            ? EvaluateCollectionExpression(operation)
            : Unknown("is written in a way that is not followed", operation);
    }

    private Value EvaluateInstance(IInstanceReferenceOperation instance)
    {
        if (instance.ReferenceKind == InstanceReferenceKind.ContainingTypeInstance)
        {
            return _frame.Instance is { } self ? self : Unknown("belongs to an object that is not followed", instance);
        }
        return _frame.ImplicitReceivers.Count > 0 ? _frame.ImplicitReceivers.Peek() : Unknown("has no receiver", instance);
    }

    private Value EvaluateConditional(IConditionalOperation conditional)
    {
        var condition = Evaluate(conditional.Condition);
        return Truth(condition) switch
        {
            true => Evaluate(conditional.WhenTrue),
            false => Evaluate(conditional.WhenFalse),
            null => ForkValue(condition, conditional, () => Evaluate(conditional.WhenTrue), () => Evaluate(conditional.WhenFalse)),
        };
    }

    private Value EvaluateCoalesce(ICoalesceOperation coalesce)
    {
        var value = Evaluate(coalesce.Value);
        return value.IsNull switch
        {
            true => Evaluate(coalesce.WhenNull),
            false => value,
            null => ForkValue(value, coalesce, () => value, () => Evaluate(coalesce.WhenNull)),
        };
    }

    private Value EvaluateConditionalAccess(IConditionalAccessOperation access)
    {
        var receiver = Evaluate(access.Operation);
        if (receiver.IsNull == true)
            return ConstantValue.Null;

        _frame.ImplicitReceivers.Push(receiver);
        try
        {
            return Evaluate(access.WhenNotNull);
        }
        finally
        {
            _frame.ImplicitReceivers.Pop();
        }
    }

    private Value EvaluateSwitch(ISwitchExpressionOperation choice)
    {
        var value = Evaluate(choice.Value);
        return EvaluateArms(choice, value, index: 0);
    }

    private Value EvaluateArms(ISwitchExpressionOperation choice, Value value, int index)
    {
        for (; index < choice.Arms.Length; index++)
        {
            var arm = choice.Arms[index];
            var matched = And(Match(arm.Pattern, value), () => arm.Guard is null ? true : Truth(Evaluate(arm.Guard)));
            if (matched == true)
                return Evaluate(arm.Value);
            if (matched is null)
            {
                var next = index + 1;
                return Throws(arm.Value)
                    ? EvaluateArms(choice, value, next)
                    : ForkValue(value, choice, () => Evaluate(arm.Value), () => EvaluateArms(choice, value, next));
            }
        }
        return Unknown("matches no case", choice);
    }

    private static bool Throws(IOperation value) => value is IThrowOperation or IConversionOperation { Operand: IThrowOperation };

    private Value EvaluateInterpolation(IInterpolatedStringOperation text)
    {
        var parts = new List<ConstantValue>();
        foreach (var part in text.Parts)
        {
            var value = part switch
            {
                IInterpolatedStringTextOperation literal => Evaluate(literal.Text),
                IInterpolationOperation hole => Evaluate(hole.Expression),
                _ => Unknown("is written in a way that is not followed", part),
            };
            switch (value)
            {
                case ConstantValue constant:
                    parts.Add(constant);
                    break;
                case EnumValue member:
                    parts.Add(new(member.Name));
                    break;
                default:
                    return Derived(value);
            }
        }
        return Concatenated(parts, text);
    }

    private Value EvaluateArray(IArrayCreationOperation array)
    {
        if (array.Initializer is { } initializer)
            return new ListValue(initializer.ElementValues.Select(element => Copied(Evaluate(element))));

        var size = array.DimensionSizes.Length == 1 ? Evaluate(array.DimensionSizes[0]) : null;
        var elementType = (array.Type as IArrayTypeSymbol)?.ElementType;
        return Integer(size) is { } count and >= 0 && count <= _budget.Modules
            ? new ListValue(Enumerable.Range(0, (int)count).Select(_ => DefaultValue.Of(elementType)))
            : new ListValue(new Cell(size is UnknownValue ? size : Unknown("has a size that is not followed", array)));
    }

    private Value EvaluateCollectionExpression(IOperation operation)
    {
        var elements = new List<Value>();
        foreach (var child in operation.ChildOperations)
        {
            if (child.Kind != NewerOperations.Spread)
            {
                elements.Add(Copied(Evaluate(child)));
                continue;
            }
            var spread = Evaluate(child.ChildOperations.First());
            if (Elements(spread, child) is not { } content)
                return new ListValue(new Cell(Derived(spread)));
            CheckSize((long)elements.Count + content.Elements.Count);
            elements.AddRange(content.Elements);
        }
        return IsModuleContainer(operation.Type) is { } container ? NewContainer(container, elements, operation) : new ListValue(elements);
    }

    private Value EvaluateMethodReference(IMethodReferenceOperation reference)
    {
        if (reference.Method.MethodKind == MethodKind.LocalFunction && _source.Body(reference.Method, _cancellationToken) is ILocalFunctionOperation { Body: { } body })
            return new FunctionValue(reference.Method, body, FrameAround(reference.Method).Capture());
        return new FunctionValue(reference.Method, reference.Instance is null ? null : Evaluate(reference.Instance));
    }

    private Value EvaluateWith(IWithOperation copy)
    {
        if (Evaluate(copy.Operand) is not ObjectValue original || original is ModuleValue)
            return Unknown("is copied in a way that is not followed", copy);

        var clone = CopyOf(original);
        Initialize(clone, copy.Initializer);
        return clone;
    }

    private Value ReadVariable(ISymbol symbol, IOperation place)
    {
        if (_frame.Find(symbol) is { } cell)
            return cell.Value;
        return Unknown("is not assigned where it is read", place);
    }

    private Value ReadParameter(IParameterReferenceOperation reference)
    {
        if (_frame.Find(reference.Parameter) is { } cell)
            return cell.Value;

        // A parameter of a primary constructor, captured by the object.
        return _frame.Instance?.FindField(reference.Parameter)?.Value ?? Unknown("is a parameter without a value here", reference);
    }
}
