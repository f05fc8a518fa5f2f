using System.Runtime.CompilerServices;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Module = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;
using Tensor = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// Programs that train nothing and fill modules from files, often through a loader for all modules that the model is handed
/// to far from where it is made: memory that its layers leave uninitialised is what the file is read into.
/// </summary>
internal static class PretrainedPrograms
{
    private static readonly ConditionalWeakTable<Compilation, object> Cache = new();

    public static ModelGraph AsTheyLeave(ModelGraph model, Compilation compilation, KnownTypes types, CancellationToken cancellationToken) =>
        model.Parameters.Any(parameter => IsUninitialized(parameter.Initialization)) && Includes(compilation, types, cancellationToken)
            ? model with { Parameters = model.Parameters.Select(parameter => IsUninitialized(parameter.Initialization) ? parameter with { Initialization = Initialization.Default(InitializerKind.Unknown) } : parameter).ToArray() }
            : model;

    private static bool IsUninitialized(Initialization initialization) => initialization.Kind == InitializerKind.Uninitialized;

    private static bool Includes(Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
    {
        if (Cache.TryGetValue(compilation, out var known))
            return (bool)known;
        var source = SourceOperations.Of(compilation);
        var includes = !source.Calls(name => name == Tensor.Backward, cancellationToken).Any(call => types.IsFromTorchSharp(call.TargetMethod))
            && (source.Calls(name => name.StartsWith(Module.Load, StringComparison.OrdinalIgnoreCase), cancellationToken).Any(call => Loads(call, source, types))
                || source.Calls(name => name == Tensor.CopyInPlace, cancellationToken).Any(call => CopiesIntoAnyModule(call, types)));
        return (bool)Cache.GetValue(compilation, _ => includes);
    }

    /// <summary>TorchSharp's own <c>load</c>, or a loader of a library: <c>load_py</c>, <c>load_safetensors</c>.</summary>
    private static bool Loads(IInvocationOperation call, SourceOperations source, KnownTypes types) =>
        !source.Declares(call.TargetMethod) && types.IsModule((call.Instance ?? call.Arguments.FirstOrDefault()?.Value)?.Type);

    /// <summary>A copy in a method that goes through the parameters of the module it is given.</summary>
    private static bool CopiesIntoAnyModule(IInvocationOperation copy, KnownTypes types)
    {
        IOperation body = copy;
        while (body.Parent is not null)
            body = body.Parent;
        return types.IsTensor(copy.Instance?.Type) && body.Descendants().OfType<IInvocationOperation>().Any(call =>
            call.TargetMethod.Name is Module.NamedParameters or Module.Parameters or Module.StateDict
            && call.Instance is IParameterReferenceOperation { Type: var type } && types.IsModule(type));
    }
}
