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
        new TrainableTensorBecomesBuffer(),
        new FieldHidesModule());

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Rules.Descriptors();

    protected override void Register(CompilationStartAnalysisContext context, KnownTypes types) =>
        context.RegisterSymbolAction(
            symbol =>
            {
                if (symbol.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Class } type || !types.IsModule(type))
                    return;
                var module = new ModuleWiringContext(symbol, types);
                foreach (var rule in Rules)
                    rule.Check(module);
            },
            SymbolKind.NamedType);
}
