using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Wiring;

/// <summary>
/// Which types and values surely bring trainable parameters with them, and which expressions make a new module.
/// Where the code does not tell, the answer is no: an unregistered <c>ReLU</c> loses nothing.
/// </summary>
internal sealed class Trainability(SourceOperations source, KnownTypes types, CancellationToken cancellationToken)
{
    private readonly HashSet<ISymbol> _inProgress = new(SymbolEqualityComparer.Default);

    public bool HoldsParameters(ITypeSymbol? type)
    {
        if (types.IsParameter(type))
            return true;
        if (type is not INamedTypeSymbol module || !types.IsModule(module) || !_inProgress.Add(module.OriginalDefinition))
            return false;
        var holds = types.IsFromTorchSharp(module)
            ? LayerTable.OfModule(module.Name) is { } kind && LayerTable.Describe(kind).Parameters(LayerArguments.Empty).Count > 0
            : HasTrainableMember(module);
        _inProgress.Remove(module.OriginalDefinition);
        return holds;
    }

    public bool HoldsParameters(IOperation? value)
    {
        cancellationToken.ThrowIfCancellationRequested();
        switch (value)
        {
            case null:
                return false;
            case IConversionOperation conversion:
                return HoldsParameters(conversion.Operand);
            case IConditionalOperation conditional:
                return HoldsParameters(conditional.WhenTrue) || HoldsParameters(conditional.WhenFalse);
            case ISwitchExpressionOperation choice:
                return choice.Arms.Any(arm => HoldsParameters(arm.Value));
            case IInvocationOperation call when !types.IsFromTorchSharp(call.TargetMethod):
                return HoldsParameters(call.Type) || ReturnsAny(call.TargetMethod, HoldsParameters);
            case IInvocationOperation call when IsContainer(call.Type):
                return call.Arguments.Any(argument => HoldsParameters(argument.Value)) || HoldsParameters(call.Instance);
            case IObjectCreationOperation creation when IsContainer(creation.Type):
                return creation.Arguments.Any(argument => HoldsParameters(argument.Value));
            case IArrayCreationOperation array:
                return array.Initializer?.ElementValues.Any(HoldsParameters) == true;
            case ITupleOperation tuple:
                return tuple.Elements.Any(HoldsParameters);
            default:
                return HoldsParameters(value.Type);
        }
    }

    /// <summary>Whether the expression makes a module or parameter that did not exist before.</summary>
    public bool IsNew(IOperation? value) => value switch
    {
        IConversionOperation conversion => IsNew(conversion.Operand),
        IObjectCreationOperation creation => types.IsModule(creation.Type) || types.IsParameter(creation.Type),
        IConditionalOperation conditional => IsNew(conditional.WhenTrue) || IsNew(conditional.WhenFalse),
        ISwitchExpressionOperation choice => choice.Arms.Any(arm => IsNew(arm.Value)),
        ICoalesceOperation coalesce => IsNew(coalesce.WhenNull),

        // `Sequential().append(…)`, `Linear(…).to(device)`
        IInvocationOperation { Instance: { } receiver } call when types.IsFromTorchSharp(call.TargetMethod) => IsNew(receiver),
        IInvocationOperation { TargetMethod.IsExtensionMethod: true, Arguments.Length: > 0 } call
            when types.IsFromTorchSharp(call.TargetMethod) => IsNew(call.Arguments[0].Value),
        IInvocationOperation { Instance: null } call when types.IsFromTorchSharp(call.TargetMethod) =>
            types.IsModule(call.Type) || types.IsParameter(call.Type),
        IInvocationOperation call => (types.IsModule(call.Type) || types.IsParameter(call.Type)) && ReturnsAny(call.TargetMethod, IsNew),
        _ => false,
    };

    private bool IsContainer(ITypeSymbol? type) =>
        types.IsFromTorchSharp(type) && (types.IsSequential(type) || types.IsModuleList(type) || types.IsModuleDict(type));

    private bool HasTrainableMember(INamedTypeSymbol module)
    {
        for (var type = module; type is not null && !types.IsFromTorchSharp(type); type = type.BaseType)
        {
            foreach (var body in source.Bodies(type, cancellationToken))
            {
                foreach (var operation in body.DescendantsAndSelf())
                {
                    var value = operation switch
                    {
                        ISymbolInitializerOperation and not IVariableInitializerOperation and not IParameterInitializerOperation =>
                            ((ISymbolInitializerOperation)operation).Value,
                        IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation } assignment => assignment.Value,
                        _ => null,
                    };
                    if (value is not null && HoldsParameters(value))
                        return true;
                }
            }
        }

        return false;
    }

    private bool ReturnsAny(IMethodSymbol method, Func<IOperation?, bool> predicate)
    {
        if (!_inProgress.Add(method.OriginalDefinition))
            return false;
        var returnsAny = source.Body(method, cancellationToken)?.Descendants().OfType<IReturnOperation>()
            .Any(result => predicate(result.ReturnedValue)) == true;
        _inProgress.Remove(method.OriginalDefinition);
        return returnsAny;
    }
}
