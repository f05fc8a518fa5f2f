using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Initializers = GradLint.Core.Knowledge.TorchSharpNames.Initializers;
using Nonlinearities = GradLint.Core.Knowledge.TorchSharpNames.Nonlinearities;
using Members = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Extraction;

/// <summary>Which values parameters start from: followed from the initialiser to the parameter it reaches.</summary>
internal sealed partial class Interpreter
{
    private static readonly Dictionary<string, InitializerKind> InitializerKinds = new()
    {
        [Initializers.Zeros] = InitializerKind.Zeros,
        [Initializers.Ones] = InitializerKind.Ones,
        [Initializers.Constant] = InitializerKind.Constant,
        [Initializers.Eye] = InitializerKind.Eye,
        [Initializers.Dirac] = InitializerKind.Dirac,
        [Initializers.Uniform] = InitializerKind.Uniform,
        [Initializers.Normal] = InitializerKind.Normal,
        [Initializers.TruncatedNormal] = InitializerKind.TruncatedNormal,
        [Initializers.XavierUniform] = InitializerKind.XavierUniform,
        [Initializers.XavierNormal] = InitializerKind.XavierNormal,
        [Initializers.GlorotUniform] = InitializerKind.XavierUniform,
        [Initializers.GlorotNormal] = InitializerKind.XavierNormal,
        [Initializers.KaimingUniform] = InitializerKind.KaimingUniform,
        [Initializers.KaimingNormal] = InitializerKind.KaimingNormal,
        [Initializers.Orthogonal] = InitializerKind.Orthogonal,
        [Initializers.Sparse] = InitializerKind.Sparse,
    };

    /// <summary>In-place tensor methods that overwrite every element.</summary>
    private static readonly Dictionary<string, InitializerKind> InPlaceInitializers = new()
    {
        [Members.NormalInPlace] = InitializerKind.Normal,
        [Members.UniformInPlace] = InitializerKind.Uniform,
        [Members.FillInPlace] = InitializerKind.Constant,
        [Members.Zero] = InitializerKind.Zeros,
    };

    /// <summary>A function of <c>torch.nn.init</c>.</summary>
    private Value CallInit(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        if (InitializerKinds.TryGetValue(method.Name, out var kind))
        {
            var tensor = arguments[0] ?? Unknown("is not given", place);
            SetInitialization(tensor, new(kind, InitializerArguments(arguments.Skip(1)), IsExplicit: true, OriginOf(place)), place);
            return tensor;
        }

        return method.Name switch
        {
            Initializers.CalculateGain => Gain(arguments[0], arguments[1], place),
            Initializers.CalculateFans => Fans(arguments[0]),
            _ => Unknown("is computed in a way that is not followed", place),
        };
    }

    private static LayerArguments InitializerArguments(Arguments arguments)
    {
        var values = new Dictionary<string, object?>();
        foreach (var argument in arguments.All)
        {
            if (argument.Parameter is { } parameter && !IsReference(parameter.Type))
                values[parameter.Name] = LayerArgument(argument.Value);
        }
        return new(values);

        static bool IsReference(ITypeSymbol type) => type is { IsReferenceType: true, SpecialType: not SpecialType.System_String } && type.Name != nameof(TorchSharpNames.Types.Scalar);
    }

    private void SetInitialization(Value tensor, Initialization initialization, IOperation place)
    {
        switch (tensor)
        {
            case ConstantTensor whole:
                _journal.Write(whole.Initialization, new InitializationValue(initialization));
                break;
            case ParameterSlice { Rows: { } rows } slice when slice.Whole.CurrentInitialization.WithRows(rows, initialization) is { } partly:
                _journal.Write(slice.Whole.Initialization, new InitializationValue(partly));
                break;
            case ParameterSlice slice:
                ForgetInitialization(slice, place);
                break;
            case UnknownValue:
                ForgetAllInitialization(place);
                break;
        }
    }

    /// <summary>An in-place method on a parameter or on the tensor that a parameter is made of.</summary>
    private Value? CallInPlaceInitializer(IMethodSymbol method, Value receiver, Arguments arguments, IOperation place)
    {
        if (receiver is not (ConstantTensor or ParameterSlice) || !LayerTable.IsInPlace(method.Name))
            return null;
        if (method.Name == Members.WithRequiresGrad)
            return null;

        if (InPlaceInitializers.TryGetValue(method.Name, out var kind))
        {
            var named = method.Name switch
            {
                Members.UniformInPlace => Named(("low", arguments[0]), ("high", arguments[1])),
                Members.FillInPlace => Named(("val", arguments[0])),
                Members.NormalInPlace => Named(("mean", arguments["mean"]), ("std", arguments["std"])),
                _ => LayerArguments.Empty,
            };
            SetInitialization(receiver, new(kind, named, IsExplicit: true, OriginOf(place)), place);
        }
        else if (method.Name == Members.LogInPlace && Logarithm(receiver, place) is { } logarithm)
        {
            SetInitialization(receiver, logarithm, place);
        }
        else if (method.Name == Members.CopyInPlace && receiver is ConstantTensor && arguments[0] is ConstantTensor source)
        {
            SetInitialization(receiver, source.CurrentInitialization with { IsExplicit = true, Origin = OriginOf(place) }, place);
        }
        else
        {
            ForgetInitialization(receiver, place);
        }
        return receiver;
    }

    /// <summary>How a run of rows is distributed once the logarithm of it is taken; null where that has no name.</summary>
    private static Initialization? Logarithm(Value receiver, IOperation place)
    {
        var current = receiver switch
        {
            ParameterSlice { Rows: { } rows } slice => slice.Whole.CurrentInitialization.Rows.FirstOrDefault(row => row.Range == rows)?.Initialization,
            ConstantTensor whole => whole.CurrentInitialization,
            _ => null,
        };
        return current is { Kind: InitializerKind.Uniform, IsExplicit: true } && current.Arguments.Number("low") > 0
            ? current with { Kind = InitializerKind.LogUniform, Origin = OriginOf(place) }
            : null;
    }

    private static LayerArguments Named(params (string Name, Value? Value)[] values) =>
        new(values.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => LayerArgument(pair.Value!)));

    /// <summary><c>reset_parameters</c>: the layer's own default again.</summary>
    private void ResetInitialization(ModuleValue module, LayerKind kind)
    {
        foreach (var parameter in LayerTable.Describe(kind).Parameters(module.Arguments))
        {
            if (FindParameter(module, parameter.Name) is ParameterValue value)
                _journal.Write(value.Initialization, new InitializationValue(DefaultInitialization(parameter)));
        }
    }

    /// <summary><c>calculate_gain</c>, with TorchSharp's own default slope of 0 for LeakyReLU.</summary>
    private static Value Gain(Value? nonlinearity, Value? parameter, IOperation place) => (nonlinearity as EnumValue)?.Name switch
    {
        null => Unknown("is a gain that the code does not tell", place),
        Nonlinearities.LeakyReLU when Number(parameter) is null => Unknown("is a gain that the code does not tell", place),
        Nonlinearities.Tanh => new ConstantValue(Gains.Tanh),
        var name => new ConstantValue(Math.Sqrt(Gains.Squared(name, Number(parameter) ?? 0))),
    };

    private static Value Fans(Value? tensor)
    {
        if (tensor is not ConstantTensor { Shape: { Length: >= 2 } shape })
            return new TupleValue(UnknownValue.Data, UnknownValue.Data);
        long? positions = 1;
        foreach (var size in shape.Skip(2))
            positions *= size;
        return new TupleValue(Size(shape[1] * positions), Size(shape[0] * positions));
    }

    private static Value Size(long? size) => size is { } known ? ConstantValue.Of(known) : UnknownValue.Data;

    /// <summary>A value as an argument of a layer.</summary>
    private static object? LayerArgument(Value value) => value switch
    {
        ConstantValue { Raw: char letter } => letter.ToString(),
        ConstantValue constant => constant.Raw,
        EnumValue member => member.Name,
        TupleValue tuple => tuple.Elements.Select(Integer).ToArray(),
        ListValue { Content: { IsCounted: true } content } => content.Elements.Select(WholeNumber).ToArray(),
        _ => LayerArguments.Unknown,
    };

    /// <summary>Also of a floating-point constant that is whole, as scale factors are.</summary>
    private static long? WholeNumber(Value value) =>
        Integer(value) ?? (Number(value) is { } number && Math.Abs(number) < long.MaxValue && number == Math.Floor(number) ? (long)number : null);
}
