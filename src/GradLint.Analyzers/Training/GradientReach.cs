using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;
using TensorMember = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Training;

/// <summary>
/// Whether a gradient can flow from a tensor back to any parameter. It is said to be cut only where every way back ends
/// at a detach, at a computation without gradients, or at numbers.
/// </summary>
internal sealed class GradientReach(SourceOperations source, KnownTypes types, OriginResolver origins, CancellationToken cancellationToken)
{
    private const int StepBudget = 400;

    private readonly HashSet<(IOperation, CallFrame?)> _pending = [];
    private readonly List<IOperation> _cuts = [];
    private int _steps;

    /// <summary>The operations that end every way back, or nothing when a gradient may flow.</summary>
    public IReadOnlyList<IOperation> CutsBehind(IOperation tensor, CallFrame? frame) =>
        MayFlow(tensor, frame) ? [] : _cuts;

    private bool MayFlow(IOperation? value, CallFrame? frame)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (value is null || ++_steps > StepBudget)
            return true;

        // A loop-carried value flows only if something else that is assigned to it does.
        if (!_pending.Add((value, frame)))
            return false;
        switch (value)
        {
            case ILiteralOperation or IDefaultValueOperation:
                return false;
            case { ConstantValue.HasValue: true }:
                return false;
            case IConversionOperation conversion:
                return MayFlow(conversion.Operand, frame);
            case IParenthesizedOperation parenthesized:
                return MayFlow(parenthesized.Operand, frame);
            case IUnaryOperation unary:
                return MayFlow(unary.Operand, frame);
            case IBinaryOperation binary:
                return MayFlow(binary.LeftOperand, frame) | MayFlow(binary.RightOperand, frame);
            case ICompoundAssignmentOperation compound:
                return MayFlow(compound.Value, frame);
            case IConditionalOperation conditional:
                return MayFlow(conditional.WhenTrue, frame) | MayFlow(conditional.WhenFalse, frame);
            case ICoalesceOperation coalesce:
                return MayFlow(coalesce.Value, frame) | MayFlow(coalesce.WhenNull, frame);
            case IArgumentOperation argument:
                return MayFlow(argument.Value, frame);
            case ILocalReferenceOperation local:
                var values = origins.ValuesOf(local.Local, local).ToArray();
                return values.Length == 0 || IsMadeALeaf(local) || values.Aggregate(false, (flows, item) => flows | (item is null || MayFlow(item, frame)));
            case IParameterReferenceOperation parameter:
                return frame?.Binding(parameter.Parameter) is not { } bound
                    || origins.ValuesOf(parameter.Parameter, parameter).Any()
                    || MayFlow(bound.Operation, bound.Frame);
            case IPropertyReferenceOperation { Instance: { } tensor } when types.IsTensor(tensor.Type):
                return MayFlow(tensor, frame);
            case IInvocationOperation call:
                return MayFlowThrough(call, frame);
            default:
                return true;
        }
    }

    private bool MayFlowThrough(IInvocationOperation call, CallFrame? frame)
    {
        var method = call.TargetMethod;
        if (!types.IsFromTorchSharp(method))
            return source.Declares(method) ? MayFlowFromBody(call, frame) : true;
        if (types.IsTensor(method.ContainingType) || SymbolEqualityComparer.Default.Equals(method.ContainingType, types.Torch)
            || SymbolEqualityComparer.Default.Equals(method.ContainingType, types.Functional))
        {
            return MayFlowThroughFunction(call, frame);
        }

        if (method.Name is Member.Call or Member.Forward && call.Instance is { } module && types.IsModule(method.ContainingType))
        {
            if (WithoutGradients(call) is { } scope)
            {
                _cuts.Add(scope);
                return false;
            }

            // A loss has no parameters of its own; neither has a layer without weights, but that is not told apart here.
            return !types.IsLoss(module.Type) && !IsLossInterface(module, frame) || call.Arguments.Aggregate(false, (flows, argument) => flows | MayFlowFromInput(argument, frame));
        }

        return true;
    }

    private bool IsLossInterface(IOperation module, CallFrame? frame)
    {
        var origin = origins.Of(module, frame);
        return !origin.IsUnknown && origin.Sites.Count > 0 && origin.Sites.All(site => types.IsLoss(site.Value?.Operation.Type));
    }

    private bool MayFlowThroughFunction(IInvocationOperation call, CallFrame? frame)
    {
        var method = call.TargetMethod;
        if (method.Name is TensorMember.WithRequiresGrad or TensorMember.RequiresGrad)
            return true;
        if (method.Name is TensorMember.Detach or TensorMember.DetachInPlace || types.IsTensor(method.ContainingType) && method.Name is TensorMember.Item or TensorMember.Data)
        {
            // Only what is cut from a computation is a fault; a constant has nothing to lose.
            _cuts.Add(call);
            return false;
        }

        if (TorchSharpNames.NonDifferentiable.Contains(method.Name))
        {
            _cuts.Add(call);
            return false;
        }

        if (WithoutGradients(call) is { } scope)
        {
            _cuts.Add(scope);
            return false;
        }

        if (call.Arguments.Any(argument => argument.Parameter?.Name == TensorMember.RequiresGrad && argument.Value.ConstantValue is not { HasValue: true, Value: false }))
            return true;
        var flows = call.Instance is not null && MayFlow(call.Instance, frame);
        foreach (var argument in call.Arguments)
        {
            if (MayCarry(argument.Parameter?.Type))
                flows |= SymbolEqualityComparer.Default.Equals(method.ContainingType, types.Functional) ? MayFlowFromInput(argument, frame) : MayFlow(argument.Value, frame);
            else
                AddNumbersTaken(argument.Value, depth: 0);
        }

        return flows;
    }

    /// <summary>Numbers that were taken out of tensors, to be put into a new one.</summary>
    private void AddNumbersTaken(IOperation value, int depth)
    {
        foreach (var operation in value.DescendantsAndSelf())
        {
            if (operation is IInvocationOperation { TargetMethod: { Name: TensorMember.Item or TensorMember.Data } method } call && types.IsTensor(method.ContainingType))
                _cuts.Add(call);
            if (operation is not ILocalReferenceOperation local || depth > 3)
                continue;
            foreach (var assigned in origins.ValuesOf(local.Local, local).OfType<IOperation>())
                AddNumbersTaken(assigned, depth + 1);
        }
    }

    /// <summary><c>x.requires_grad = true</c> and the like: the gradient of the tensor itself is wanted.</summary>
    private static bool IsMadeALeaf(ILocalReferenceOperation local)
    {
        IOperation root = local;
        while (root.Parent is not null)
            root = root.Parent;
        return root.Descendants().OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local.Local))
            .Any(reference => reference.Parent is IPropertyReferenceOperation { Property.Name: TensorMember.RequiresGrad }
                or IInvocationOperation { TargetMethod.Name: TensorMember.WithRequiresGrad or TensorMember.RetainGrad });
    }

    /// <summary>Beside the first input of a function stands a target: an element of the data, where a loop takes it from there.</summary>
    private bool MayFlowFromInput(IArgumentOperation argument, CallFrame? frame) =>
        !(argument.Parameter?.Ordinal > 0 && !types.IsParameter(argument.Value.Type) && IsOfTheData(argument.Value, frame)) && MayFlow(argument.Value, frame);

    /// <summary>A variable of a foreach, or a part of it, here or in what the loop calls with it.</summary>
    private bool IsOfTheData(IOperation value, CallFrame? frame) => value switch
    {
        IConversionOperation conversion => IsOfTheData(conversion.Operand, frame),
        IMemberReferenceOperation { Instance: { } whole } when !types.IsModule(whole.Type) => IsOfTheData(whole, frame),
        IParameterReferenceOperation parameter => frame?.Binding(parameter.Parameter) is { } bound
            && !origins.ValuesOf(parameter.Parameter, parameter).Any()
            && IsOfTheData(bound.Operation, bound.Frame),
        ILocalReferenceOperation local => origins.ValuesOf(local.Local, local).ToArray() is { Length: > 0 } values && values.All(item => item is null),
        _ => false,
    };

    /// <summary>Numbers carry no gradient, whatever they were made of; an array of tensors may.</summary>
    private bool MayCarry(ITypeSymbol? type)
    {
        if (type is IArrayTypeSymbol array)
            return MayCarry(array.ElementType);
        if (type is INamedTypeSymbol { TypeArguments.Length: > 0 } generic)
            return generic.TypeArguments.Any(MayCarry);
        return types.IsTensor(type);
    }

    private bool MayFlowFromBody(IInvocationOperation call, CallFrame? frame)
    {
        var method = call.TargetMethod;
        if (method.IsVirtual || method.IsAbstract || method.IsOverride || method.IsAsync || frame?.IsRunning(method) == true || !types.IsTensor(method.ReturnType))
            return true;
        var entered = origins.Enter(call, frame);
        if (WithoutGradients(call) is { } scope)
        {
            _cuts.Add(scope);
            return false;
        }

        return origins.ReturnsOf(method).Aggregate(false, (flows, value) => flows | (value is null || MayFlow(value, entered)));
    }

    /// <summary>The <c>no_grad()</c> that is open around an operation, in its own body.</summary>
    private IOperation? WithoutGradients(IOperation operation)
    {
        for (var (child, parent) = (operation, operation.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return null;
                case IUsingOperation scope when !ReferenceEquals(scope.Resources, child) && GradModeOf(scope.Resources) is { } mode:
                    return mode.IsOff ? mode.Call : null;
                case IBlockOperation block:
                    foreach (var statement in block.Operations.TakeWhile(statement => !ReferenceEquals(statement, child)).Reverse())
                    {
                        if (statement is IUsingDeclarationOperation declaration && GradModeOf(declaration.DeclarationGroup) is { } opened)
                            return opened.IsOff ? opened.Call : null;
                    }

                    break;
            }
        }

        return null;
    }

    private (IOperation Call, bool IsOff)? GradModeOf(IOperation resources)
    {
        foreach (var call in resources.DescendantsAndSelf().OfType<IInvocationOperation>())
        {
            if (!SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, types.Torch))
                continue;
            switch (call.TargetMethod.Name)
            {
                case TorchSharpNames.Functions.NoGrad:
                    return (call, true);
                case TorchSharpNames.Functions.InferenceMode:
                    return (call, call.Arguments.All(argument => argument.Value.ConstantValue is { HasValue: true, Value: true }));
                case TorchSharpNames.Functions.EnableGrad or TorchSharpNames.Functions.SetGradEnabled:
                    return (call, false);
            }
        }

        return null;
    }
}
