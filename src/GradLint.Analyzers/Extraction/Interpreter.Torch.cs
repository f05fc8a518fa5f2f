using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Functions = GradLint.Core.Knowledge.TorchSharpNames.Functions;
using Members = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Extraction;

/// <summary>What TorchSharp's own members mean: factories of modules, and members of modules and containers.</summary>
internal sealed partial class Interpreter
{
    private Value CallTorch(IMethodSymbol method, Value? receiver, Arguments arguments, IOperation place)
    {
        var owner = method.ContainingType.OriginalDefinition;
        if (IsSame(owner, _types.NN))
            return CallFactory(method, arguments, place);
        if (IsSame(owner, _types.Init))
            return CallInit(method, arguments, place);
        if (receiver is ModuleValue module)
            return CallModule(method, module, arguments, place);
        if (receiver is UnknownValue unread && CallUnknown(method, unread, arguments, place) is { } answer)
            return answer;
        if (IsTensorIndex(owner) && TensorIndexOf(method.Name, arguments) is { } index)
            return index;
        if (IsSame(owner, _types.Functional))
            return CallFunction(method, arguments, place);
        if (receiver is TensorValue or null && (_types.IsTensor(owner) || IsSame(owner, _types.Torch)))
            return CallTensor(method, receiver, arguments, place);
        if (IsSame(owner, _types.ModuleExtensions) && arguments.Count > 0)
            return arguments[0]!;
        if (receiver is not null)
            return _types.IsTensor(method.ReturnType) ? OpaqueResult(method, receiver, arguments, place) : Derived(receiver);
        return OpaqueResult(method, receiver, arguments, place);
    }

    /// <summary>A function whose meaning is not built in: a node of unknown kind when it takes part in the flow.</summary>
    private Value OpaqueResult(IMethodSymbol method, Value? receiver, Arguments arguments, IOperation place)
    {
        var tensors = Tensors(receiver, arguments);
        if (Graph is not null && tensors.Any(IsInGraph) && ReturnsTensors(method.ReturnType))
        {
            if (receiver is UnknownValue unread)
                ReportUnread($"What '{method.Name}' is called on", unread, OriginOf(place));
            else
                Report($"'{method.Name}' is not modelled.", OriginOf(place));
            return AddNode(LayerKind.Unknown, null, [], LayerArguments.Empty, tensors, place, method.ReturnType);
        }
        if (receiver is UnknownValue && Graph is not null)
            return receiver;
        return ReturnsTensors(method.ReturnType) ? TensorsOf(method.ReturnType) : new OpaqueValue();
    }

    private bool ReturnsTensors(ITypeSymbol type) =>
        _types.IsTensor(type)
        || type is INamedTypeSymbol { TypeArguments.Length: > 0 } generic && generic.TypeArguments.Any(_types.IsTensor)
        || type is IArrayTypeSymbol array && _types.IsTensor(array.ElementType);

    /// <summary>A factory of <c>torch.nn</c>.</summary>
    private Value CallFactory(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        if (method.Name == Functions.Parameter)
            return NewParameter(arguments, place);
        if (method.ReturnType is not INamedTypeSymbol type || !_types.IsModule(type))
            return OpaqueResult(method, null, arguments, place);
        return NewModule(type, arguments, place);
    }

    private Value CreateTorch(INamedTypeSymbol type, Arguments arguments, IOperation place)
    {
        if (_types.IsParameter(type))
            return NewParameter(arguments, place);
        return _types.IsModule(type) ? NewModule(type, arguments, place) : new OpaqueValue();
    }

    private ModuleValue NewModule(INamedTypeSymbol type, Arguments arguments, IOperation place)
    {
        CountModule();
        var origin = OriginOf(place);
        if (IsModuleContainer(type) is { } container)
        {
            var filled = new ModuleValue(type, layer: null, container, LayerArguments.Empty, origin);
            FillContainer(filled, arguments.Values, origin);
            return filled;
        }

        var kind = LayerTable.OfModule(type.Name) ?? LayerKind.Unknown;
        var hyperparameters = ModuleArguments(arguments);
        var module = new ModuleValue(type, kind, ContainerKind.None, hyperparameters, origin)
        {
            UnknownArguments = arguments.All.Where(argument => argument.Parameter is { } parameter && !_types.IsPlacement(parameter.Type))
                .Where(argument => argument.Value is UnknownValue { IsData: false })
                .Select(argument => (argument.Parameter!.Name, (UnknownValue)argument.Value)).ToArray(),
        };
        var parameters = LayerTable.Describe(kind).Parameters(hyperparameters)
            .Select(Value (parameter) => new TupleValue(
                new ConstantValue(parameter.Name),
                Made(new(parameter.Shape.ToImmutableArray(), DefaultInitialization(parameter), origin))));
        _journal.Write(module.Parameters, new ListContent(parameters.ToImmutableList()));
        return module;
    }

    /// <summary>As the referenced TorchSharp draws it: only some versions leave GroupNorm's parameters as the memory was.</summary>
    private Initialization DefaultInitialization(LayerParameter parameter)
    {
        var isDrawn = _types.Version < TorchSharpNames.Versions.ManagedLayers || _types.Version >= TorchSharpNames.Versions.Unseen;
        return parameter.Initialization.Kind == InitializerKind.Uninitialized && isDrawn
            ? Initialization.Default(parameter.Name == Members.Weight ? InitializerKind.Ones : InitializerKind.Zeros)
            : parameter.Initialization;
    }

    private LayerArguments ModuleArguments(Arguments arguments)
    {
        var values = new Dictionary<string, object?>();
        foreach (var argument in arguments.All)
        {
            // A stack of transformer layers takes its sizes from the layer it copies.
            if (argument.Value is ModuleValue prototype)
            {
                foreach (var name in prototype.Arguments.Names)
                    values[name] = prototype.Arguments.Contains(name) && !prototype.Arguments.IsUnknown(name) ? prototype.Arguments[name] : LayerArguments.Unknown;
            }
            else if (argument.Parameter is { } parameter && !_types.IsPlacement(parameter.Type))
            {
                values[LayerTable.ArgumentName(parameter.Name)] = LayerArgument(argument.Value);
            }
        }
        return new(values);
    }

    private ParameterValue NewParameter(Arguments arguments, IOperation place)
    {
        var origin = OriginOf(place);
        var data = arguments[0] as ConstantTensor;
        var initialization = data?.CurrentInitialization ?? Initialization.Default(InitializerKind.Unknown);
        var parameter = Made(new(data?.Shape, initialization with { IsExplicit = true, Origin = origin }, origin));
        if (arguments[1] is { } requiresGrad)
            _journal.Write(parameter.RequiresGrad, requiresGrad);
        return parameter;
    }

    private Value CallModule(IMethodSymbol method, ModuleValue module, Arguments arguments, IOperation place)
    {
        switch (method.Name)
        {
            case Members.Forward or Members.Call:
                return Apply(module, method, arguments, place);
            case Members.RegisterComponents:
                RegisterFields(module, place);
                return ConstantValue.Null;
            case Members.RegisterModule or Members.AddModule:
                RegisterModule(module, arguments[0] ?? UnknownValue.Data, arguments[1] ?? UnknownValue.Data, place);
                return ConstantValue.Null;
            case Members.RegisterParameter:
                Append(module.Parameters, arguments[0] ?? UnknownValue.Data, arguments[1] ?? UnknownValue.Data);
                return ConstantValue.Null;
            case Members.RegisterBuffer:
                Append(module.Buffers, arguments[0] ?? UnknownValue.Data, arguments[1] ?? UnknownValue.Data);
                return ConstantValue.Null;
            case Members.ConditionallyRegisterParameter when Text(arguments[0]) is { } name:
                SetParameter(module, name, arguments[1] ?? ConstantValue.Null);
                return ConstantValue.Null;
            case Members.Apply:
                return ApplyToAll(module, arguments[0], place);
            case Members.Append or Members.Add or Members.Extend or Members.Insert when module.Container != ContainerKind.None:
                AddToContainer(method, module, arguments);
                return module;
            case Members.Children:
                return new ListValue(ModuleRegistry.Submodules(module).Select(child => child.Value));
            case Members.NamedChildren:
                return new ListValue(ModuleRegistry.Submodules(module).Select(child => new TupleValue(new ConstantValue(child.Name), child.Value)));
            case Members.Modules:
                return new ListValue(new ModuleRegistry(module).Modules.Select(child => child.Module));
            case Members.NamedModules:
                return new ListValue(new ModuleRegistry(module).Modules.Select(child => new TupleValue(new ConstantValue(child.Path), child.Module)));
            case Members.Parameters:
                return new ListValue(new ModuleRegistry(module).Parameters.Select(pair => pair.Parameter));
            case Members.NamedParameters:
                return new ListValue(new ModuleRegistry(module).Parameters.Select(pair => new TupleValue(new ConstantValue(pair.Path), pair.Parameter)));
            case Members.StateDict:
                return new DictionaryValue(new ModuleRegistry(module).Parameters.Select(pair => new TupleValue(new ConstantValue(pair.Path), pair.Parameter)));
            case Members.GetParameter:
                return new ModuleRegistry(module).Parameters.Where(pair => pair.Path == Text(arguments[0])).Select(Value (pair) => pair.Parameter).FirstOrDefault()
                    ?? ConstantValue.Null;
            case Members.GetWeightIh or Members.GetWeightHh or Members.GetBiasIh or Members.GetBiasHh when Integer(arguments[0]) is { } layer:
                return FindParameter(module, $"{method.Name.Substring("get_".Length)}_l{layer}") ?? ConstantValue.Null;
            case Members.Load or Members.LoadStateDict:
                ForgetInitialization(module, place);
                return module;
            case Members.Values when module.Container == ContainerKind.ModuleDict && module.Items.Value is ListContent items:
                return new ListValue(items.Elements.Select(Second));
            case Members.Keys when module.Container == ContainerKind.ModuleDict && module.Items.Value is ListContent items:
                return new ListValue(items.Elements.OfType<TupleValue>().Select(pair => pair.Elements[0]));
            case Members.Items or nameof(IEnumerable<Value>.GetEnumerator) when module.Items.Value is ListContent items:
                return new ListValue(items.Elements);
            case Members.ResetParameters when module.Layer is { } layer:
                ResetInitialization(module, layer);
                return ConstantValue.Null;
            default:
                return _types.IsModule(method.ReturnType) ? module : method.ReturnsVoid ? ConstantValue.Null : Unknown($"comes from '{method.Name}'", place);
        }
    }

    /// <summary><c>apply</c>: children first, then the module itself.</summary>
    private Value ApplyToAll(ModuleValue module, Value? function, IOperation place)
    {
        if (function is not FunctionValue)
        {
            ForgetInitialization(module, place);
            return module;
        }

        foreach (var (_, child) in ModuleRegistry.Submodules(module).ToArray())
        {
            Step();
            if (child is ModuleValue submodule && !ReferenceEquals(submodule, module))
                ApplyToAll(submodule, function, place);
        }
        Invoke(function, place, module);
        return module;
    }

    private void AddToContainer(IMethodSymbol method, ModuleValue container, Arguments arguments)
    {
        if (method.Name == Members.Insert)
        {
            if (container.Items.Value is ListContent content && Integer(arguments[0]) is { } position and >= 0 && position <= content.Elements.Count)
                _journal.Write(container.Items, new ListContent(content.Elements.Insert((int)position, arguments[1]!)));
            else
                _journal.Write(container.Items, Derived(arguments[0]));
        }
        else if (arguments.Count == 2)
        {
            AddItems(container, [new TupleValue(arguments[0]!, arguments[1]!)]);
        }
        else
        {
            FillContainer(container, arguments.Values, Origin.None);
        }
    }

    private Value GetTorchProperty(IPropertySymbol property, Value? receiver, Arguments arguments, IOperation place)
    {
        switch (receiver)
        {
            case ModuleValue when property.Name == Members.Training:
                return ConstantValue.True;
            case ModuleValue module when property.IsIndexer:
                return ReadElement(module, arguments[0], place);
            case ModuleValue { Items.Value: ListContent content } when property.Name == Members.Count:
                return Count(content, place);
            case ModuleValue module when _types.IsTensor(property.Type):
                return FindParameter(module, property.Name) ?? (_types.IsParameter(property.Type) ? ConstantValue.Null : ConstantTensor.Unknown());
            case ModuleValue module:
                return GetHyperparameter(module, property.Name, place);
            case TensorValue tensor:
                return GetTensorProperty(property, tensor, arguments, place);
            case UnknownValue when property.Name == TorchSharpNames.TensorMembers.Grad:
                return ConstantTensor.Unknown();
            default:
                return IsTensorIndex(property.ContainingType) && TensorIndexOf(property.Name, arguments) is { } index ? index : property.IsStatic ? new OpaqueValue() : Derived(receiver);
        }
    }

    /// <summary>A size of a layer, read back from what it was constructed with.</summary>
    private static Value GetHyperparameter(ModuleValue module, string name, IOperation place)
    {
        var argument = name switch
        {
            Members.InFeatures => "inputSize",
            Members.OutFeatures => "outputSize",
            _ => name,
        };
        return module.Arguments[argument] switch
        {
            long or double or bool or string => ConstantValue.Of(module.Arguments[argument]),
            _ => Unknown($"is '{name}' of a layer", place),
        };
    }

    private void SetTorchProperty(IPropertySymbol property, Value? receiver, Arguments arguments, Value value, IOperation place)
    {
        switch (receiver)
        {
            case ModuleValue module when property.IsIndexer:
                WriteElement(module, arguments[0], value);
                break;
            case ModuleValue module when _types.IsParameter(property.Type):
                SetParameter(module, property.Name, value);
                break;
            case ParameterValue parameter when property.Name == TorchSharpNames.TensorMembers.RequiresGrad:
                _journal.Write(parameter.RequiresGrad, value);
                break;
            case TensorValue tensor when property.IsIndexer:
                AssignIndex(tensor, value, place);
                break;
            case UnknownValue { IsData: false } when Graph is null && (property.IsIndexer || _types.IsParameter(property.Type)):
                ForgetAllInitialization(place);
                break;
        }
    }
}
