using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Training;

/// <summary>A loss that is computed: <c>functional.cross_entropy(x, y)</c>, <c>criterion.call(x, y)</c>, or a delegate to the function.</summary>
/// <param name="Call">The call.</param>
/// <param name="Loss">Which loss it is.</param>
/// <param name="Input">What it is given beside the target.</param>
/// <param name="Creation">Where the loss module is made, when that is one place; null for a function.</param>
internal sealed record LossCall(IInvocationOperation Call, LossDescription Loss, IOperation Input, IOperation? Creation)
{
    public bool IsModule => Call.TargetMethod.Name is Member.Call or Member.Forward;

    public string Name => IsModule ? Loss.Module : Loss.Function;

    public static IEnumerable<LossCall> In(TrainingLoopContext context) =>
        context.Operations.OfType<IInvocationOperation>().Select(call => At(call, context)).OfType<LossCall>();

    public static LossCall? At(IInvocationOperation call, TrainingLoopContext context)
    {
        var method = call.TargetMethod;
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value is not { } input)
            return null;
        if (FunctionNamed(method, context.Types) is { } function)
            return new(call, function, input, null);
        if (call.Instance is not { } instance)
            return null;
        if (method.MethodKind == MethodKind.DelegateInvoke && context.Types.IsTensor(method.ReturnType))
            return Agreed(context.Sources.CreationsOf(instance), made => made is IMethodReferenceOperation reference ? FunctionNamed(reference.Method, context.Types) : null) is { } referred
                ? new(call, referred, input, null)
                : null;
        if (method.Name is not (Member.Call or Member.Forward) || !context.Types.IsModule(method.ContainingType) || call.Arguments.Length < 2)
            return null;
        var creations = context.Sources.CreationsOf(instance);
        var module = ModuleNamed(instance.Type, context.Types) ?? Agreed(creations, made => ModuleNamed(made.Type, context.Types));
        return module is null ? null : new(call, module, input, creations is { Count: 1 } ? creations[0] : null);
    }

    private static LossDescription? Agreed(IReadOnlyList<IOperation>? creations, Func<IOperation, LossDescription?> lossOf) =>
        creations?.Select(lossOf).Distinct().ToArray() is { Length: 1 } losses ? losses[0] : null;

    private static LossDescription? FunctionNamed(IMethodSymbol method, KnownTypes types) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, types.Functional) ? LossTable.OfFunction(method.Name) : null;

    private static LossDescription? ModuleNamed(ITypeSymbol? type, KnownTypes types) =>
        types.IsFromTorchSharp(type) && types.IsLoss(type) ? LossTable.OfModule(type!.Name) : null;
}
