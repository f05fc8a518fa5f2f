using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers;

/// <summary>Runs the rules over module types: which of their layers are registered, and so are trained.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModuleWiringAnalyzer : TorchSharpAnalyzer
{
    private static readonly ImmutableArray<IModuleWiringRule> Rules = ImmutableArray.Create<IModuleWiringRule>(
        new ComponentsNeverRegistered(),
        new ModulesInPlainCollection(),
        new AssignedAfterRegistration(),
        new LayerNeverUsed(),
        new TrainableTensorBecomesBuffer(),
        new FieldHidesModule());

    private static readonly ImmutableArray<ILayerCreationRule> CreationRules = ImmutableArray.Create<ILayerCreationRule>(
        new LayerUsedAtSeveralDepths(),
        new NativeModuleInDisposeScope());

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        Rules.Descriptors().AddRange(CreationRules.Descriptors());

    protected override void Register(CompilationStartAnalysisContext context, KnownTypes types)
    {
        context.RegisterSymbolAction(symbol => AnalyzeType(symbol, types), SymbolKind.NamedType);
        context.RegisterOperationBlockAction(body => AnalyzeBody(body, types));
    }

    private static void AnalyzeType(SymbolAnalysisContext context, KnownTypes types)
    {
        if (context.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Class } type || !types.IsModule(type))
            return;
        var module = new ModuleWiringContext(context, types);
        foreach (var rule in Rules)
            rule.Check(module);
    }

    private static void AnalyzeBody(OperationBlockAnalysisContext context, KnownTypes types)
    {
        var body = new LayerCreationContext(context, types);
        foreach (var rule in CreationRules)
            rule.Check(body);
    }
}
