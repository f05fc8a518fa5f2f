using System.Collections.Concurrent;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using static GradLint.Analyzers.Framework.KnownTypes;
using ModuleMember = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;
using OptimizerMember = GradLint.Core.Knowledge.TorchSharpNames.OptimizerMembers;
using TensorMember = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Training;

/// <summary>What the calls of TorchSharp, and of GradLint's monitor, mean for training.</summary>
internal sealed class TrainingCalls(Compilation compilation, KnownTypes types)
{
    private readonly INamedTypeSymbol? _monitor = compilation.GetTypeByMetadataName(MonitorNames.Type);
    private readonly ConcurrentDictionary<IAssemblySymbol, bool> _knowsTorchSharp = new(SymbolEqualityComparer.Default);

    /// <param name="call">Any call.</param>
    /// <param name="subject">The optimizer, scheduler or module it happens to; for clipping, the parameters.</param>
    public TrainingEventKind? KindOf(IInvocationOperation call, out IOperation? subject)
    {
        var method = call.TargetMethod;
        subject = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        if (types.IsOptimizer(method.ContainingType))
        {
            return method.Name switch
            {
                OptimizerMember.Step => TrainingEventKind.Step,
                OptimizerMember.ZeroGrad => TrainingEventKind.ZeroGrad,
                _ => null,
            };
        }

        if (types.IsScheduler(method.ContainingType))
            return method.Name == OptimizerMember.Step ? TrainingEventKind.SchedulerStep : null;
        if (types.IsModule(method.ContainingType) || SymbolEqualityComparer.Default.Equals(method.ContainingType, types.ModuleExtensions))
            return KindOfModuleCall(call);
        if (types.IsTensor(method.ContainingType))
            return KindOfTensorCall(call);
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, types.Autograd))
            return method.Name is TorchSharpNames.Functions.Backward or TorchSharpNames.Functions.Grad ? TrainingEventKind.Backward : null;
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, types.NNUtils))
            return method.Name is TorchSharpNames.Functions.ClipGradNorm or TorchSharpNames.Functions.ClipGradValue ? TrainingEventKind.Clip : null;
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, types.Optim) && types.IsOptimizer(method.ReturnType))
        {
            subject = call;
            return TrainingEventKind.OptimizerCreation;
        }

        if (_monitor is not null && SymbolEqualityComparer.Default.Equals(method.ContainingType, _monitor))
        {
            return method.Name switch
            {
                MonitorNames.Attach => TrainingEventKind.Hook,
                MonitorNames.ClipGradNorm or MonitorNames.ClipGradValue => TrainingEventKind.GradientWritten,
                _ => null,
            };
        }

        return null;
    }

    public bool CreatesOptimizer(IObjectCreationOperation creation) => types.IsOptimizer(creation.Type);

    public bool IsFromTorchSharp(ISymbol symbol) => types.IsFromTorchSharp(symbol);

    /// <summary>Whether the gradient that is referred to is assigned, changed in place, or handed to what may do so.</summary>
    public bool WritesGradient(IPropertyReferenceOperation property)
    {
        if (property.Property.Name != TensorMember.Grad || !types.IsTensor(property.Property.ContainingType))
            return false;
        IOperation gradient = property;
        while (gradient.Parent is IConversionOperation or IParenthesizedOperation)
            gradient = gradient.Parent;
        return gradient.Parent switch
        {
            IInvocationOperation call when ReferenceEquals(call.Instance, gradient) => LayerTable.IsInPlace(call.TargetMethod.Name) || IsGradientAgain(call),
            IConditionalAccessOperation access when ReferenceEquals(access.Operation, gradient) =>
                access.WhenNotNull.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call => LayerTable.IsInPlace(call.TargetMethod.Name)),
            IBinaryOperation or IIsPatternOperation or IIsTypeOperation or IPropertyReferenceOperation => false,
            _ => true,
        };
    }

    /// <summary><c>grad.data</c>, <c>grad.alias()</c>, <c>grad.detach()</c> are the same memory.</summary>
    private static bool IsGradientAgain(IInvocationOperation call) => call.TargetMethod.Name is TensorMember.Data or TensorMember.Alias or TensorMember.Detach;

    /// <summary>Whether code outside the compilation knows TorchSharp, and so may change gradients.</summary>
    public bool MayTouchGradients(IMethodSymbol method)
    {
        if (types.IsFromTorchSharp(method) || method.ContainingAssembly is not { } assembly)
            return method.ContainingAssembly is null;
        if (_monitor is not null && SymbolEqualityComparer.Default.Equals(assembly, _monitor.ContainingAssembly))
            return false;
        return _knowsTorchSharp.GetOrAdd(assembly, key =>
            key.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == types.Module.ContainingAssembly.Name)));
    }

    /// <summary>The method that a call reaches on an object of exactly that type.</summary>
    public IMethodSymbol? Implementation(INamedTypeSymbol type, IMethodSymbol method)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
            return type.FindImplementationForInterfaceMember(method) as IMethodSymbol;
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                for (var candidate = member; candidate is not null; candidate = candidate.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, method.OriginalDefinition))
                        return member;
                }
            }
        }

        return null;
    }

    /// <summary>The method that disposes of an object of exactly that type.</summary>
    public IMethodSymbol? Disposal(INamedTypeSymbol type) =>
        compilation.GetSpecialType(SpecialType.System_IDisposable).GetMembers(nameof(IDisposable.Dispose)).OfType<IMethodSymbol>().FirstOrDefault() is { } dispose
            ? Implementation(type, dispose)
            : null;

    /// <summary>The method, where it has a body, and all its overrides and implementations in the compilation.</summary>
    public IEnumerable<IMethodSymbol> Overrides(IMethodSymbol method) =>
        SourceOperations.Of(compilation).SourceTypes
            .Where(type => type.TypeKind == TypeKind.Class && !type.IsAbstract)
            .Where(type => method.ContainingType.TypeKind == TypeKind.Interface
                ? type.AllInterfaces.Any(implemented => SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, method.ContainingType.OriginalDefinition))
                : Derives(type, method.ContainingType))
            .Select(type => Implementation(type, method))
            .Where(target => target is not null && !target.IsAbstract)
            .Distinct<IMethodSymbol?>(SymbolEqualityComparer.Default)!;

    private static bool Derives(INamedTypeSymbol type, INamedTypeSymbol ancestor)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, ancestor.OriginalDefinition))
                return true;
        }

        return false;
    }

    private TrainingEventKind? KindOfModuleCall(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        ModuleMember.ZeroGrad => types.Version >= TorchSharpNames.Versions.ModuleZeroGradWorks ? TrainingEventKind.ZeroGrad : null,
        ModuleMember.Train => call.Arguments.All(argument => argument.Value.ConstantValue is { HasValue: true, Value: false }) && call.Arguments.Length > 0
            ? TrainingEventKind.Eval
            : TrainingEventKind.Train,
        ModuleMember.Eval => TrainingEventKind.Eval,
        ModuleMember.To or ModuleMember.Cuda or ModuleMember.Cpu => TrainingEventKind.Move,
        ModuleMember.RegisterForwardHook or ModuleMember.RegisterForwardPreHook => TrainingEventKind.Hook,
        ModuleMember.Call => TrainingEventKind.ModuleCall,
        ModuleMember.Forward when call.Instance is not null and not IInstanceReferenceOperation => TrainingEventKind.ForwardCall,
        _ => null,
    };

    private static TrainingEventKind? KindOfTensorCall(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        TensorMember.Backward => TrainingEventKind.Backward,
        _ => null,
    };
}
