using System.Runtime.CompilerServices;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Names = GradLint.Core.Knowledge.TorchSharpNames.Types;

namespace GradLint.Analyzers.Framework;

/// <summary>The symbols of TorchSharp as one compilation sees them; resolved once per compilation.</summary>
public sealed class KnownTypes
{
    private static readonly ConditionalWeakTable<Compilation, KnownTypes> Cache = new();

    private readonly HashSet<ISymbol> _sequentials;
    private readonly HashSet<ISymbol> _recurrent;
    private readonly HashSet<ISymbol> _nativeBacked;
    private readonly HashSet<ISymbol> _adaptiveOptimizers;
    private readonly HashSet<ISymbol> _losses;
    private readonly HashSet<ISymbol> _placements;

    private KnownTypes(Compilation compilation, INamedTypeSymbol module)
    {
        Module = module;
        Version = module.ContainingAssembly.Identity.Version;
        Torch = Find(Names.Torch);
        Tensor = Find(Names.Tensor);
        Autograd = Find(Names.Autograd);
        NN = Find(Names.NN);
        Functional = Find(Names.Functional);
        Init = Find(Names.Init);
        NNUtils = Find(Names.NNUtils);
        HookableModule = Find(Names.HookableModule);
        Parameter = Find(Names.Parameter);
        ParameterList = Find(Names.ParameterList);
        ParameterDict = Find(Names.ParameterDict);
        ModuleList = Find(Names.ModuleList);
        ModuleDict = Find(Names.ModuleDict);
        Sequential = Find(Names.Sequential);
        Optim = Find(Names.Optim);
        Optimizer = Find(Names.Optimizer);
        LBFGS = Find(Names.LBFGS);
        LearningRateSchedulers = Find(Names.LearningRateSchedulers);
        LearningRateScheduler = Find(Names.LearningRateScheduler);
        ModuleExtensions = Find(Names.ModuleExtensions);
        TensorIndex = Find(Names.TensorIndex);
        Device = Find(Names.Device);
        DisposeScope = Find(Names.DisposeScope);
        ComponentNameAttribute = Find(Names.ComponentNameAttribute);

        _sequentials = FindAll([Names.Sequential, .. Names.GenericSequentials]);
        _recurrent = FindAll(Names.Recurrent);
        _nativeBacked = FindAll(Names.NativeBacked);
        _adaptiveOptimizers = FindAll(Names.AdaptiveOptimizers);
        _losses = FindAll(Names.Losses);
        _placements = FindAll(Names.Placements);

        // Looked up in TorchSharp's own assembly: a type of the same name elsewhere is not meant.
        INamedTypeSymbol? Find(string name) => module.ContainingAssembly.GetTypeByMetadataName(name);

        HashSet<ISymbol> FindAll(IEnumerable<string> names) =>
            new(names.Select(Find).OfType<INamedTypeSymbol>(), SymbolEqualityComparer.Default);
    }

    /// <summary>The version of the referenced TorchSharp assembly.</summary>
    public Version Version { get; }

    /// <summary>The non-generic <c>torch.nn.Module</c>.</summary>
    public INamedTypeSymbol Module { get; }

    // The others are null where the referenced version does not have them.
    public INamedTypeSymbol? Torch { get; }
    public INamedTypeSymbol? Tensor { get; }
    public INamedTypeSymbol? Autograd { get; }
    public INamedTypeSymbol? NN { get; }
    public INamedTypeSymbol? Functional { get; }
    public INamedTypeSymbol? Init { get; }
    public INamedTypeSymbol? NNUtils { get; }
    public INamedTypeSymbol? HookableModule { get; }
    public INamedTypeSymbol? Parameter { get; }
    public INamedTypeSymbol? ParameterList { get; }
    public INamedTypeSymbol? ParameterDict { get; }
    public INamedTypeSymbol? ModuleList { get; }
    public INamedTypeSymbol? ModuleDict { get; }
    public INamedTypeSymbol? Sequential { get; }
    public INamedTypeSymbol? Optim { get; }
    public INamedTypeSymbol? Optimizer { get; }
    public INamedTypeSymbol? LBFGS { get; }
    public INamedTypeSymbol? LearningRateSchedulers { get; }
    public INamedTypeSymbol? LearningRateScheduler { get; }
    public INamedTypeSymbol? ModuleExtensions { get; }
    public INamedTypeSymbol? TensorIndex { get; }
    public INamedTypeSymbol? Device { get; }
    public INamedTypeSymbol? DisposeScope { get; }
    public INamedTypeSymbol? ComponentNameAttribute { get; }

    /// <summary>The known types of a compilation, or null when it does not reference TorchSharp, or is TorchSharp.</summary>
    public static KnownTypes? From(Compilation compilation)
    {
        if (Cache.TryGetValue(compilation, out var known))
            return known;
        if (compilation.GetTypeByMetadataName(Names.Module) is not { } module
            || SymbolEqualityComparer.Default.Equals(module.ContainingAssembly, compilation.Assembly))
        {
            return null;
        }

        return Cache.GetValue(compilation, key => new(key, module));
    }

    public bool IsModule(ITypeSymbol? type) => DerivesFrom(type, Module);

    public bool IsTensor(ITypeSymbol? type) => DerivesFrom(type, Tensor);

    public bool IsParameter(ITypeSymbol? type) => DerivesFrom(type, Parameter);

    public bool IsOptimizer(ITypeSymbol? type) => DerivesFrom(type, Optimizer);

    public bool IsDevice(ITypeSymbol? type) => DerivesFrom(type, Device);

    public bool IsScheduler(ITypeSymbol? type) => DerivesFrom(type, LearningRateScheduler);

    public bool IsModuleList(ITypeSymbol? type) => DerivesFrom(type, ModuleList);

    public bool IsModuleDict(ITypeSymbol? type) => DerivesFrom(type, ModuleDict);

    /// <summary>Whether the type is or derives from <c>Sequential</c> or one of its generic forms.</summary>
    public bool IsSequential(ITypeSymbol? type) => DerivesFromAny(type, _sequentials);

    /// <summary>Whether the type is an RNN, LSTM, GRU or one of their cells.</summary>
    public bool IsRecurrent(ITypeSymbol? type) => DerivesFromAny(type, _recurrent);

    /// <summary>Whether parameters of the type live in native memory (see <see cref="Names.NativeBacked"/>).</summary>
    public bool IsNativeBacked(ITypeSymbol? type) => DerivesFromAny(type, _nativeBacked);

    /// <summary>Whether the optimizer scales each step by a running gradient magnitude (the Adam family).</summary>
    public bool IsAdaptiveOptimizer(ITypeSymbol? type) => DerivesFromAny(type, _adaptiveOptimizers);

    /// <summary>Whether the type is a loss: a module without parameters.</summary>
    public bool IsLoss(ITypeSymbol? type) => DerivesFromAny(type, _losses);

    /// <summary>Whether a value of the type, or of its nullable form, says where and how a layer computes, not what.</summary>
    public bool IsPlacement(ITypeSymbol? type) => DerivesFromAny(
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type, _placements);

    /// <summary>Whether the type belongs to TorchSharp itself.</summary>
    public bool IsFromTorchSharp(ISymbol? symbol) =>
        SymbolEqualityComparer.Default.Equals(symbol?.ContainingAssembly, Module.ContainingAssembly);

    private static bool DerivesFrom(ITypeSymbol? type, INamedTypeSymbol? ancestor)
    {
        if (ancestor is null)
            return false;
        if (type is ITypeParameterSymbol parameter)
            return parameter.ConstraintTypes.Any(constraint => constraint is INamedTypeSymbol && DerivesFrom(constraint, ancestor));
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, ancestor))
                return true;
        }

        return false;
    }

    private static bool DerivesFromAny(ITypeSymbol? type, HashSet<ISymbol> ancestors)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (ancestors.Contains(current.OriginalDefinition))
                return true;
        }

        return false;
    }
}
