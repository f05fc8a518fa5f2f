using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Members = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Extraction;

/// <summary>Registration as TorchSharp does it: once per module, fields of the derived type first, containers by index or key.</summary>
internal sealed partial class Interpreter
{
    private int _registering;

    /// <summary>Runs <c>RegisterComponents</c>, the module's own override if it has one.</summary>
    private void RegisterComponents(ModuleValue module, IOperation? place)
    {
        Step();
        if (_registering >= ModuleRegistry.MaximumNesting)
            throw new BudgetExceededException(ModuleRegistry.NestedTooDeeply);

        _registering++;
        try
        {
            var own = _types.Module.GetMembers(Members.RegisterComponents).OfType<IMethodSymbol>().FirstOrDefault();
            var method = own is null ? null : MostDerived(own, module.Type);
            if (method is not null && _source.Declares(method) && place is not null)
                InvokeSource(method, module, Arguments.None, place);
            else
                RegisterFields(module, place);
        }
        finally
        {
            _registering--;
        }
    }

    private void RegisterFields(ModuleValue module, IOperation? place)
    {
        if (module.IsRegistered.Value is ConstantValue { Raw: true })
            return;

        switch (module.Container)
        {
            case ContainerKind.ModuleList or ContainerKind.ModuleDict:
                foreach (var (name, element) in NamedItems(module))
                    RegisterModule(module, name, element, place);
                break;
            case ContainerKind.ParameterList or ContainerKind.ParameterDict:
                foreach (var (name, element) in NamedItems(module))
                    Append(module.Parameters, name, element);
                break;
        }

        if (module.Layer is null)
            RegisterInstanceFields(module, place);
        _journal.Write(module.IsRegistered, ConstantValue.True);
    }

    private void RegisterInstanceFields(ModuleValue module, IOperation? place)
    {
        var seen = new HashSet<string>();
        var registered = new HashSet<string>(new[] { module.Submodules, module.Parameters, module.Buffers }.SelectMany(ModuleRegistry.Entries).Select(entry => entry.Name));
        for (var type = module.Type; type is not null && _source.Declares(type); type = type.BaseType)
        {
            foreach (var (field, name) in FieldsInMetadataOrder(type.OriginalDefinition))
            {
                if (!seen.Add(field is IFieldSymbol ? field.MetadataName : name) || registered.Contains(name))
                    continue;
                if (IsHiddenFromRegistration(field, module.Type))
                    continue;

                switch (module.FindField(field)?.Value)
                {
                    case ModuleValue child:
                        RegisterModule(module, new ConstantValue(name), child, place);
                        break;
                    case ParameterValue parameter:
                        Append(module.Parameters, new ConstantValue(name), parameter);
                        break;
                    case TensorValue tensor:
                        Append(module.Buffers, new ConstantValue(name), tensor);
                        break;
                    case UnknownValue unknown when _types.IsModule((field as IFieldSymbol)?.Type):
                        Append(module.Submodules, new ConstantValue(name), unknown);
                        break;
                    case UnknownValue unknown when _types.IsParameter((field as IFieldSymbol)?.Type):
                        Append(module.Parameters, new ConstantValue(name), unknown);
                        break;
                }
            }
        }
    }

    /// <summary>Before 0.104 reflection was asked for the run-time type's fields alone, which leaves out private ones of its bases.</summary>
    private bool IsHiddenFromRegistration(ISymbol field, INamedTypeSymbol type) =>
        _types.Version < TorchSharpNames.Versions.ManagedLayers
        && field.DeclaredAccessibility == Accessibility.Private
        && !IsSame(field.ContainingType, type);

    /// <summary>Captured parameters of a primary constructor come first, then fields and auto-properties as declared.</summary>
    private IEnumerable<(ISymbol Field, string Name)> FieldsInMetadataOrder(INamedTypeSymbol type)
    {
        foreach (var parameter in _captures.Of(type, _cancellationToken))
            yield return (parameter, $"<{parameter.Name}>P");

        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (!field.IsStatic)
                yield return (field, ComponentName(field));
        }
    }

    private string ComponentName(IFieldSymbol field)
    {
        if (_types.ComponentNameAttribute is { } attributeType)
        {
            foreach (var attribute in field.GetAttributes())
            {
                if (SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, attributeType)
                    && attribute.NamedArguments.Select(argument => argument.Value).Concat(attribute.ConstructorArguments).FirstOrDefault().Value is string name)
                    return name;
            }
        }
        return field.MetadataName;
    }

    /// <summary><c>register_module</c>: it registers the components of what it is given, too.</summary>
    private void RegisterModule(ModuleValue module, Value name, Value child, IOperation? place)
    {
        if (child is ModuleValue submodule)
            RegisterComponents(submodule, place);
        if (child.IsNull != true)
            Append(module.Submodules, name, child);
    }

    private void Append(Cell cell, Value name, Value element)
    {
        if (cell.Value is ListContent content)
            _journal.Write(cell, new ListContent(content.Elements.Add(new TupleValue(name, element))));
    }

    /// <summary>Replaces, adds or removes what is registered under a name.</summary>
    private void SetParameter(ModuleValue module, string name, Value value)
    {
        if (module.Parameters.Value is not ListContent content)
            return;
        var position = content.Elements.FindIndex(entry => entry is TupleValue pair && Text(pair.Elements[0]) == name);
        var entry = new TupleValue(new ConstantValue(name), value);
        var elements = (position, value.IsNull) switch
        {
            ( < 0, true) => content.Elements,
            ( < 0, _) => content.Elements.Add(entry),
            (_, true) => content.Elements.RemoveAt(position),
            _ => content.Elements.SetItem(position, entry),
        };
        _journal.Write(module.Parameters, new ListContent(elements));
    }

    private static Value? FindParameter(ModuleValue module, string name) =>
        ModuleRegistry.Entries(module.Parameters).FirstOrDefault(entry => entry.Name == name).Value;

    /// <summary>The elements of a list or dictionary of modules or parameters, with the names it registers them under.</summary>
    private static IEnumerable<(Value Name, Value Element)> NamedItems(ModuleValue container)
    {
        if (container.Items.Value is not ListContent content)
        {
            yield return (UnknownValue.Data, container.Items.Value);
            yield break;
        }

        var isCounted = true;
        var index = 0L;
        foreach (var item in content.Elements)
        {
            isCounted &= item is not (RepeatedElements or UnknownValue);
            foreach (var element in item is RepeatedElements repeats ? repeats.Group : ImmutableArray.Create(item))
            {
                if (element is TupleValue { Elements.Length: 2 } named)
                    yield return (named.Elements[0], named.Elements[1]);
                else
                    yield return (isCounted ? new ConstantValue(index.ToString()) : UnknownValue.Data, element);
            }
            index++;
        }
    }

    private ContainerKind ContainerOf(INamedTypeSymbol type) => IsModuleContainer(type) ?? ContainerKind.None;

    /// <summary>Which container of TorchSharp a type is or derives from; null for none.</summary>
    private ContainerKind? IsModuleContainer(ITypeSymbol? type)
    {
        if (_types.IsSequential(type))
            return ContainerKind.Sequential;
        if (_types.IsModuleList(type))
            return ContainerKind.ModuleList;
        if (_types.IsModuleDict(type))
            return ContainerKind.ModuleDict;
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (IsSame(current, _types.ParameterList))
                return ContainerKind.ParameterList;
            if (IsSame(current, _types.ParameterDict))
                return ContainerKind.ParameterDict;
        }
        return null;
    }

    private ModuleValue NewContainer(ContainerKind kind, IEnumerable<Value> items, IOperation place)
    {
        CountModule();
        var type = place.Type as INamedTypeSymbol ?? _types.Module;
        var container = new ModuleValue(type, layer: null, kind, LayerArguments.Empty, OriginOf(place));
        FillContainer(container, items, OriginOf(place));
        return container;
    }

    /// <summary>Puts the arguments of a container's factory or constructor into it: several elements, or one collection of them.</summary>
    private void FillContainer(ModuleValue container, IEnumerable<Value> arguments, Origin origin)
    {
        foreach (var argument in arguments)
        {
            if (argument is ListValue list)
            {
                if (list.Content is { } content)
                    AddItems(container, content.Elements);
                else
                    AddItems(container, [new RepeatedElements([list.Items.Value], origin, isData: false)]);
            }
            else
            {
                AddItems(container, [argument]);
            }
        }
    }

    private void AddItems(ModuleValue container, IEnumerable<Value> items)
    {
        if (container.Items.Value is not ListContent content)
            return;

        var elements = content.Elements.ToBuilder();
        var isCounted = content.Elements.TrueForAll(IsOneElement);
        foreach (var item in items)
        {
            Step();
            elements.Add(container.Container == ContainerKind.Sequential ? NamedElement(item, isCounted ? elements.Count : null) : item);
            isCounted &= IsOneElement(item);
        }
        _journal.Write(container.Items, new ListContent(elements.ToImmutable()));
    }

    private static bool IsOneElement(Value item) => item is not RepeatedElements && Second(item) is not UnknownValue;

    /// <summary>A Sequential names what comes without a name by its position.</summary>
    private static Value NamedElement(Value item, int? position) => item switch
    {
        TupleValue { Elements.Length: 2 } => item,
        RepeatedElements repeats => new RepeatedElements(repeats.Group.Select(element => NamedElement(element, null)), repeats.Origin, repeats.IsData),
        _ => new TupleValue(position is null ? UnknownValue.Data : new ConstantValue(position.ToString()), item),
    };
}
