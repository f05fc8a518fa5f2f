using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Training;

/// <summary>A module whose parameters are taken.</summary>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Type">Its type as written where its parameters are taken.</param>
/// <param name="Taken">The expression whose parameters are taken.</param>
internal sealed record TrainedModule(Origin Origin, ITypeSymbol? Type, SyntaxNode Taken);

/// <summary>Whose parameters an optimizer or a clipping call is given.</summary>
/// <param name="Modules">The modules known.</param>
/// <param name="IsUnknown">Whether there can be others.</param>
internal sealed record TrainedModels(IReadOnlyList<TrainedModule> Modules, bool IsUnknown)
{
    /// <summary>Whether the object is one of the modules, on every path.</summary>
    public bool Surely(Origin module) => !IsUnknown && Modules.Any(trained => trained.Origin.IsSurely(module));

    public bool MayBe(Origin module) => IsUnknown || Modules.Any(trained => trained.Origin.MayBe(module));

    public bool MayShare(TrainedModels other) => IsUnknown || other.IsUnknown || other.Modules.Any(module => MayBe(module.Origin));

    /// <summary>Those of an optimizer, from where it is made.</summary>
    public static TrainedModels OfOptimizer(Origin optimizer, OriginResolver origins, KnownTypes types)
    {
        var modules = new List<TrainedModule>();
        var isUnknown = optimizer.IsUnknown || optimizer.Sites.Count == 0;
        foreach (var site in optimizer.Sites)
        {
            var arguments = site.Value?.Operation switch
            {
                IInvocationOperation call => call.Arguments,
                IObjectCreationOperation creation when types.IsFromTorchSharp(creation.Type) => creation.Arguments,
                _ => default,
            };
            if (arguments.IsDefaultOrEmpty)
                isUnknown = true;
            else
                isUnknown |= !Collect(arguments[0].Value, site.Value!.Value.Frame, origins, types, modules, depth: 0);
        }

        return new(modules, isUnknown);
    }

    /// <summary>Those whose parameters an expression lists.</summary>
    public static TrainedModels OfParameters(IOperation? parameters, CallFrame? frame, OriginResolver origins, KnownTypes types)
    {
        var modules = new List<TrainedModule>();
        return new(modules, !Collect(parameters, frame, origins, types, modules, depth: 0));
    }

    private static bool Collect(IOperation? value, CallFrame? frame, OriginResolver origins, KnownTypes types, List<TrainedModule> modules, int depth)
    {
        if (value is null || depth > 12)
            return false;
        switch (value)
        {
            case IConversionOperation conversion:
                return Collect(conversion.Operand, frame, origins, types, modules, depth + 1);
            case ILocalReferenceOperation local:
                var values = origins.ValuesOf(local.Local, local).ToArray();
                return values.Length > 0 && values.All(item => Collect(item, frame, origins, types, modules, depth + 1));
            case IParameterReferenceOperation parameter when frame?.Binding(parameter.Parameter) is { } bound:
                return Collect(bound.Operation, bound.Frame, origins, types, modules, depth + 1);
            case IInvocationOperation { TargetMethod.Name: Member.Parameters or Member.NamedParameters, Instance: { } module } when types.IsModule(module.Type):
                modules.Add(new(origins.Of(module, frame), TypeOf(module, frame), module.Syntax));
                return true;
            case IInvocationOperation call when !types.IsFromTorchSharp(call.TargetMethod) && call.TargetMethod.DeclaringSyntaxReferences.IsEmpty:
                // LINQ: filtered, joined, copied.
                var sources = new[] { call.Instance }.Concat(call.Arguments.Select(argument => argument.Value))
                    .Where(source => source is not null and not IDelegateCreationOperation && source.Type is not null && source.Type.SpecialType is SpecialType.None)
                    .ToArray();
                return sources.Length > 0 && sources.All(source => Collect(source, frame, origins, types, modules, depth + 1));
            default:
                return false;
        }
    }

    /// <summary>The type of the object created, where the code names only a base of it.</summary>
    private static ITypeSymbol? TypeOf(IOperation module, CallFrame? frame) =>
        module is IParameterReferenceOperation parameter && frame?.Binding(parameter.Parameter) is { } bound ? TypeOf(bound.Operation, bound.Frame)
        : module is IConversionOperation conversion ? TypeOf(conversion.Operand, frame)
        : module.Type;
}
