using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Tool.Predict;

/// <summary>A model that was found, and what is predicted of it.</summary>
/// <param name="Band">The gradient ratios that its settings call healthy.</param>
/// <param name="Counterfactuals">What each remedy would do where a ratio is out of the band.</param>
internal sealed record PredictedModel(ModelGraph Graph, Prediction Prediction, GradientBand Band, IReadOnlyList<Counterfactual> Counterfactuals);

/// <summary>Finds every model of a compilation: module types, and <c>Sequential(…)</c> expressions outside of them or in their static members.</summary>
internal static class ModelDiscovery
{
    /// <param name="source">The code.</param>
    /// <param name="typeName">Only the model type of that name; null for all.</param>
    /// <param name="known">Sizes that the command line gives.</param>
    public static IReadOnlyList<PredictedModel> Find(SourceSet source, string? typeName, PredictionOptions known, CancellationToken cancellationToken)
    {
        var compilation = source.Compilation;
        var types = KnownTypes.From(compilation)!;
        var extractor = new ModelExtractor(compilation, types);
        var graphs = new List<ModelGraph>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot(cancellationToken).DescendantNodes())
            {
                switch (node)
                {
                    case ClassDeclarationSyntax declaration when IsModel(model.GetDeclaredSymbol(declaration, cancellationToken), declaration):
                        graphs.Add(extractor.FromType(model.GetDeclaredSymbol(declaration, cancellationToken)!, cancellationToken));
                        break;
                    case InvocationExpressionSyntax call when typeName is null && IsFreeSequential(call, model):
                        graphs.Add(extractor.FromSequential(model.GetOperation(call, cancellationToken)!, cancellationToken));
                        break;
                }
            }
        }
        return graphs.Select(Predict).ToArray();

        PredictedModel Predict(ModelGraph graph)
        {
            var settings = source.Settings.Read(graph.Origin.File);
            var options = known with
            {
                CancellationToken = cancellationToken,
                InputSecondMoment = settings.InputSecondMoment,
                SequenceLength = known.SequenceLength ?? (settings.SequenceLength > 0 ? settings.SequenceLength : null),
            };
            var (prediction, band) = (Predictor.Predict(graph, options), new GradientBand(settings.MinGradientRatio, settings.MaxGradientRatio));
            return new(graph, prediction, band, Counterfactual.For(graph, prediction, band, settings.PreferredActivation, options));
        }

        bool IsModel(INamedTypeSymbol? type, ClassDeclarationSyntax declaration) =>
            type is { IsAbstract: false, IsStatic: false }
            && types.IsModule(type)
            && (typeName is null || type.Name == typeName || type.ToDisplayString() == typeName)
            && type.DeclaringSyntaxReferences[0].Span == declaration.Span
            && type.DeclaringSyntaxReferences[0].SyntaxTree == declaration.SyntaxTree;

        bool IsFreeSequential(InvocationExpressionSyntax call, SemanticModel model) =>
            IsSequential(call, model) && !call.Ancestors().Any(ancestor => ancestor switch
            {
                InvocationExpressionSyntax outer => IsSequential(outer, model),
                ClassDeclarationSyntax declaration => types.IsModule(model.GetDeclaredSymbol(declaration, cancellationToken))
                    && !declaration.Members.Any(member => member.Span.Contains(call.Span) && member.Modifiers.Any(SyntaxKind.StaticKeyword)),
                _ => false,
            });

        bool IsSequential(InvocationExpressionSyntax call, SemanticModel model) =>
            model.GetOperation(call, cancellationToken) is IInvocationOperation { TargetMethod.Name: TorchSharpNames.Functions.Sequential } operation
            && SymbolEqualityComparer.Default.Equals(operation.TargetMethod.ContainingType, types.NN);
    }
}
