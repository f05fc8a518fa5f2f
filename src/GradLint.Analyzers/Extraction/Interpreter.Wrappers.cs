using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Names = GradLint.Core.Knowledge.WrapperNames;

namespace GradLint.Analyzers.Extraction;

/// <summary>GradLint.Runtime's Residual, ReZero, Highway and StochasticDepth: what they register, and what they make of a tensor.</summary>
internal sealed partial class Interpreter
{
    private static bool IsWrapper(INamedTypeSymbol type) =>
        type.Name is Names.Residual or Names.ReZero or Names.Highway or Names.StochasticDepth
        && type.ContainingAssembly.Name == Names.Assembly && type.ContainingNamespace.ToDisplayString() == Names.Namespace;

    private ModuleValue CreateWrapper(INamedTypeSymbol type, Arguments arguments, IOperation place)
    {
        CountModule();
        var origin = OriginOf(place);
        var module = new ModuleValue(type, layer: null, ContainerKind.None, ModuleArguments(new(arguments.All.RemoveAll(argument => argument.Value is ModuleValue))), origin);
        foreach (var argument in arguments.All)
        {
            if (argument is { Parameter: { } parameter, Value: ModuleValue or UnknownValue } && _types.IsModule(parameter.Type))
                RegisterModule(module, new ConstantValue(parameter.Name), argument.Value, place);
        }

        if (type.Name == Names.ReZero)
            Append(module.Parameters, new ConstantValue(Names.Alpha), Own(ImmutableArray.Create<long?>(1), Initialization.Default(InitializerKind.Zeros)));
        if (type.Name == Names.Highway)
            RegisterModule(module, new ConstantValue(Names.Gate), Gate(module, origin), place);
        _journal.Write(module.IsRegistered, ConstantValue.True);
        return module;

        ParameterValue Own(ImmutableArray<long?> shape, Initialization initialization) => Made(new(shape, initialization, origin));
    }

    /// <summary>The linear layer of a Highway, whose bias begins below 0.</summary>
    private ModuleValue Gate(ModuleValue highway, Origin origin)
    {
        var size = highway.Arguments[Names.Size];
        var gate = new ModuleValue(highway.Type, LayerKind.Linear, ContainerKind.None, new(new Dictionary<string, object?> { ["inputSize"] = size, ["outputSize"] = size }), origin);
        var parameters = LayerTable.Describe(LayerKind.Linear).Parameters(gate.Arguments).Select(Value (parameter) => new TupleValue(
            new ConstantValue(parameter.Name),
            Made(new(parameter.Shape.ToImmutableArray(), parameter.Shape.Count > 1 ? parameter.Initialization : Initialization.DefaultConstant(highway.Arguments.Number(Names.GateBias) ?? -2), origin))));
        _journal.Write(gate.Parameters, new ListContent(parameters.ToImmutableList()));
        return gate;
    }

    private Value ApplyWrapper(ModuleValue module, Value input, Origin use)
    {
        var parts = ModuleRegistry.Submodules(module).ToDictionary(part => part.Name, part => part.Value);
        if (input is not TensorValue tensor)
            return Derived(input);
        switch (module.Type.Name)
        {
            case Names.Highway:
                var open = Join(LayerKind.Sigmoid, use, ApplyItem(parts[Names.Gate], input, use));
                var taken = Join(LayerKind.Multiply, use, open, Part(Names.Transform));
                var rest = Apply(LayerKind.Shift, "offset", 1.0, Join(LayerKind.Negate, use, open));
                return Join(LayerKind.Add, use, taken, Join(LayerKind.Multiply, use, rest, tensor));
            case Names.ReZero:
                var alpha = ModuleRegistry.Entries(module.Parameters).Select(entry => entry.Value).OfType<ParameterValue>().First();
                return Join(LayerKind.Add, use, tensor, Join(LayerKind.Multiply, use, Part(Names.Branch), alpha));
            case Names.StochasticDepth:
                var branch = Part(Names.Branch);
                var samples = new GraphTensor(Graph!.Constant(new(null, Initialization.Default(InitializerKind.Ones)), use));
                var share = Join(LayerKind.Multiply, use, branch, Apply(LayerKind.Dropout, "p", module.Arguments[Names.DropProbability], samples));
                return Join(LayerKind.Add, use, tensor, Apply(LayerKind.Scale, "factor", 1 - module.Arguments.Number(Names.DropProbability), share));
            default:
                var change = Part(Names.Branch);
                var passed = parts.TryGetValue(Names.Shortcut, out var shortcut) ? ApplyItem(shortcut, input, use) : tensor;
                return Join(LayerKind.Add, use, passed, Apply(LayerKind.Scale, "factor", module.Arguments[Names.Scale] ?? 1.0, change));
        }

        Value Part(string name) => parts.TryGetValue(name, out var part) ? ApplyItem(part, input, use) : Unapplied(UnknownValue.Data, input, use);

        Value Apply(LayerKind kind, string argument, object? value, Value to) => to is TensorValue changed
            ? new GraphTensor(Graph!.Add(kind, null, [], new(new Dictionary<string, object?> { [argument] = value }), [OutputOf(changed)], use, use))
            : to;
    }

    private Value Join(LayerKind kind, Origin use, params Value[] inputs) => inputs.OfType<TensorValue>().Select(OutputOf).ToArray() is var outputs && outputs.Length == inputs.Length
        ? new GraphTensor(Graph!.Add(kind, null, [], LayerArguments.Empty, outputs, use, use))
        : inputs.First(input => input is not TensorValue);
}
