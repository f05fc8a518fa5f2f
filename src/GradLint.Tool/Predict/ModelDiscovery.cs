using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Tool.Predict;

/// <summary>A model that was found, and what is predicted of it.</summary>
internal sealed record PredictedModel(ModelGraph Graph, Prediction Prediction);

/// <summary>Finds every model of a compilation: module types, and <c>Sequential(…)</c> expressions outside of them.</summary>
internal static class ModelDiscovery
{
    public static IReadOnlyList<PredictedModel> Find(CSharpCompilation compilation, string? typeName, CancellationToken cancellationToken)
    {
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
        return graphs.Select(graph => new PredictedModel(graph, Predictor.Predict(graph, new()))).ToArray();

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
                ClassDeclarationSyntax declaration => types.IsModule(model.GetDeclaredSymbol(declaration, cancellationToken)),
                _ => false,
            });

        bool IsSequential(InvocationExpressionSyntax call, SemanticModel model) =>
            model.GetOperation(call, cancellationToken) is IInvocationOperation { TargetMethod.Name: TorchSharpNames.Functions.Sequential } operation
            && SymbolEqualityComparer.Default.Equals(operation.TargetMethod.ContainingType, types.NN);
    }
}
