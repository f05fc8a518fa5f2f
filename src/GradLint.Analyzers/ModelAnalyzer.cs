using System.Collections.Immutable;
using GradLint.Analyzers.Evidence;
using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Rules;
using GradLint.Analyzers.Training;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers;

/// <summary>
/// Rebuilds each model of the code and runs the rules over it. A model begins at a type derived from <c>Module</c>, or at
/// a <c>Sequential(…)</c> that is not part of such a type or of another <c>Sequential</c>.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModelAnalyzer : TorchSharpAnalyzer
{
    private static readonly ImmutableArray<IModelRule> Rules = ImmutableArray.Create<IModelRule>(
        new VanishingGradient(),
        new ExplodingGradient(),
        new SaturatingResidualStream(),
        new AdjacentLinearLayers(),
        new IndistinguishableInputs(),
        new DeadUnitsAtInitialization(),
        new DefaultInitializationStarvesDepth(),
        new InitializerMismatchesActivation(),
        new IdenticalUnits(),
        new InitialScaleFarFromCritical(),
        new XavierNormalDrawsUniform(),
        new KaimingSlopeGivenGain(),
        new UninitializedGroupNorm(),
        new ShortMemoryHorizon(),
        new ForgetGateBiasNearZero(),
        new DeepPlainStack(),
        new NormalizationAfterSaturation(),
        new DeepPostNormTransformer(),
        new StaleEvidence(),
        new MeasuredFinding());

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        Rules.Descriptors().Add(InvalidOption.Rule);

    protected override void Register(CompilationStartAnalysisContext context, KnownTypes types)
    {
        var extractor = new ModelExtractor(context.Compilation, types);
        context.RegisterSymbolAction(symbol => AnalyzeType(symbol, extractor, types), SymbolKind.NamedType);
        context.RegisterOperationBlockAction(body => AnalyzeSequentials(body, extractor, types));
        context.RegisterCompilationEndAction(InvalidOption.Check);
        context.RegisterAdditionalFileAction(StaleEvidence.CheckFile);
    }

    private static void AnalyzeType(SymbolAnalysisContext context, ModelExtractor extractor, KnownTypes types)
    {
        if (context.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false, IsStatic: false } type || !types.IsModule(type))
            return;
        var declarations = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(context.CancellationToken)).ToArray();
        Check(
            extractor.FromType(type, context.CancellationToken), type.Locations[0], declarations, context.Options, types,
            () => ModelOptimizers.TrainAdaptively(type, context.Compilation, types, context.CancellationToken),
            WithoutPartsOf(type, context, extractor, types), context.CancellationToken);
    }

    /// <summary>
    /// By whole bodies, because a finding is often at a layer made before the expression, and what an operation action
    /// reports outside its operation is lost while typing.
    /// </summary>
    private static void AnalyzeSequentials(OperationBlockAnalysisContext context, ModelExtractor extractor, KnownTypes types)
    {
        if (!context.OwningSymbol.IsStatic && types.IsModule(context.OwningSymbol.ContainingType))
            return;
        var report = SoftenedFindings.LeaveOutRaised(context.ReportDiagnostic, context.Compilation, context.CancellationToken);
        foreach (var call in context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).OfType<IInvocationOperation>())
        {
            if (IsSequential(call, types) && !IsInsideAnother(call, types))
            {
                var body = context.OwningSymbol.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(context.CancellationToken)).ToArray();
                Check(
                    extractor.FromSequential(call, context.CancellationToken), call.Syntax.GetLocation(), body, context.Options, types,
                    () => ModelOptimizers.TrainAdaptively(call.Syntax, context.Compilation, types, context.CancellationToken), report, context.CancellationToken);
            }
        }
    }

    /// <summary>What a module type has that is made elsewhere, and found there, is not reported again.</summary>
    private static Action<Diagnostic> WithoutPartsOf(INamedTypeSymbol type, SymbolAnalysisContext context, ModelExtractor extractor, KnownTypes types)
    {
        var (options, cancellationToken) = (context.Options, context.CancellationToken);
        var operations = SourceOperations.Of(context.Compilation);
        var parts = new PartFindings(type, context.Compilation, types, FindingsOf, cancellationToken);
        var report = SoftenedFindings.LeaveOutRaised(context.ReportDiagnostic, context.Compilation, cancellationToken);
        return diagnostic =>
        {
            if (!parts.Have(diagnostic)) report(diagnostic);
        };

        IReadOnlyList<Diagnostic> FindingsOf(MemberDeclarationSyntax part)
        {
            var found = new List<Diagnostic>();
            if (part is ClassDeclarationSyntax && operations.Model(part.SyntaxTree).GetDeclaredSymbol(part, cancellationToken) is INamedTypeSymbol module)
            {
                var declarations = module.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)).ToArray();
                Check(extractor.FromType(module, cancellationToken), module.Locations[0], declarations, options, types, () => false, found.Add, cancellationToken);
                return found;
            }

            foreach (var call in part.DescendantNodes().OfType<InvocationExpressionSyntax>().Select(node => operations.Operation(node, cancellationToken)).OfType<IInvocationOperation>())
            {
                if (IsSequential(call, types) && !IsInsideAnother(call, types))
                    Check(extractor.FromSequential(call, cancellationToken), call.Syntax.GetLocation(), [part], options, types, () => false, found.Add, cancellationToken);
            }

            return found;
        }
    }

    private static void Check(
        ModelGraph graph, Location root, IReadOnlyList<SyntaxNode> ownSyntax, AnalyzerOptions options, KnownTypes types, Func<bool> isTrainedAdaptively, Action<Diagnostic> report,
        CancellationToken cancellationToken)
    {
        if (graph.Status == GraphStatus.Unknown)
            return;
        var settings = GradLintOptions.Read(options.AnalyzerConfigOptionsProvider.GetOptions(root.SourceTree!));
        var context = new ModelRuleContext(graph, root, ownSyntax, settings, types.Version, EvidenceFiles.Of(graph, options.AdditionalFiles, cancellationToken), isTrainedAdaptively, report, cancellationToken);
        foreach (var rule in Rules)
            rule.Check(context);
    }

    private static bool IsSequential(IInvocationOperation call, KnownTypes types) =>
        call.TargetMethod.Name == TorchSharpNames.Functions.Sequential && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, types.NN);

    private static bool IsInsideAnother(IOperation call, KnownTypes types)
    {
        for (var outer = call.Parent; outer is not null and not IAnonymousFunctionOperation; outer = outer.Parent)
        {
            if (outer is IInvocationOperation { TargetMethod: var method } && types.IsFromTorchSharp(method) && types.IsSequential(method.ReturnType))
                return true;
        }

        return false;
    }
}
