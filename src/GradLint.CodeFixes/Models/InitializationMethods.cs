using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// Draws weights anew in a method that layers go through where they are made, for models that no statement can follow: with
/// field initialisers and no constructor body, or made in an expression.
/// </summary>
internal static class InitializationMethods
{
    private const string Name = "InitializeWeights";

    /// <summary>What is to go through a method of its own.</summary>
    /// <param name="Made">The expression that makes it.</param>
    /// <param name="Type">Its type.</param>
    /// <param name="Block">How its weights are drawn.</param>
    /// <param name="Member">The member that it is put into.</param>
    private sealed record Part(ExpressionSyntax Made, ITypeSymbol Type, InitializationBlock Block, string? Member)
    {
        public bool IsLayer => Block.IsUniform && Type.GetMembers().Concat(Type.BaseType!.GetMembers()).Any(member => member is IPropertySymbol { Name: TorchSharpNames.ModuleMembers.Weight });
    }

    /// <summary>The members of the model, each as a whole; the whole model, where it is a <c>Sequential</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">All its matrices, in order.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static IReadOnlyList<EditStep>? OfMembers(AnalysedModel model, IReadOnlyList<DrawnWeight> weights, CancellationToken cancellationToken)
    {
        if (model.Root is InvocationExpressionSyntax sequential)
            return Block(weights, "") is { } whole && model.Site.Model.GetTypeInfo(sequential, cancellationToken).Type is { } made ? Steps([new(sequential, made, whole, null)]) : null;
        if (model.Site.Model.GetDeclaredSymbol(model.Root, cancellationToken) is not INamedTypeSymbol type)
            return null;
        var parts = new List<Part>();
        foreach (var member in weights.GroupBy(weight => weight.Path.Split('.')[0]).Where(member => member.Any(weight => weight.Fitting is not null)))
        {
            if (Value(type, member.Key, cancellationToken) is not { } value
                || model.Site.Model.Compilation.GetSemanticModel(value.SyntaxTree).GetTypeInfo(value, cancellationToken).Type is not { } made
                || !model.Site.Types.IsModule(made) || model.Site.Types.IsModuleList(made) || model.Site.Types.IsModuleDict(made)
                || Block(member, member.Key + ".") is not { } block)
            {
                return null;
            }

            parts.Add(new(value, made, block, member.Key));
        }

        return Steps(parts);
    }

    /// <summary>The layers, each where it is made: a <c>ModuleList</c> knows its parameters only once it is registered.</summary>
    /// <inheritdoc cref="OfMembers"/>
    public static async Task<IReadOnlyList<EditStep>?> OfLayersAsync(AnalysedModel model, IReadOnlyList<DrawnWeight> weights, CancellationToken cancellationToken)
    {
        var parts = new List<Part>();
        foreach (var made in weights.GroupBy(weight => model.Graph.Parameters[weight.Index].Origin).Where(made => made.Any(weight => weight.Fitting is not null)))
        {
            if (await model.SiteAsync(made.Key, cancellationToken).ConfigureAwait(false) is not { Node: InvocationExpressionSyntax creation } site
                || site.Model.GetTypeInfo(creation, cancellationToken).Type is not { } type || !site.Types.IsFromTorchSharp(type)
                || InitializationBlock.Of([.. made.Select(weight => (TorchSharpNames.ModuleMembers.Weight, weight.Fitting))]) is not { IsUniform: true } block)
            {
                return null;
            }

            parts.Add(new(creation, type, block, null));
        }

        return Steps(parts);
    }

    private static InitializationBlock? Block(IEnumerable<DrawnWeight> weights, string member) =>
        InitializationBlock.Of([.. weights.Select(weight => (weight.Path.Substring(member.Length), weight.Fitting))]);

    /// <summary>The initialiser of a field or auto-property of the type.</summary>
    private static ExpressionSyntax? Value(INamedTypeSymbol type, string member, CancellationToken cancellationToken) =>
        type.GetMembers(member).FirstOrDefault(symbol => symbol is IFieldSymbol or IPropertySymbol && !symbol.IsStatic)?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) switch
        {
            VariableDeclaratorSyntax field => field.Initializer?.Value,
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            _ => null,
        };

    private static IReadOnlyList<EditStep>? Steps(IReadOnlyList<Part> parts)
    {
        if (parts.Count == 0 || !parts.All(part => InitializingMethod.CanWrap(part.Made)))
            return null;
        var methods = parts.GroupBy(part => part.Block.IsUniform ? part.Block.ToLayerStatement("").ToString() : $"{part.Member}").ToArray();
        return methods.SelectMany(method => Steps([.. method], isOnly: methods.Length == 1)).ToArray();
    }

    /// <summary>All parts in one method: of their own type if they have the same, else a generic one.</summary>
    private static IEnumerable<EditStep> Steps(IReadOnlyList<Part> parts, bool isOnly)
    {
        var block = parts[0].Block;
        var types = parts.Select(part => part.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)).Distinct().ToArray();
        var isLayer = types.Length == 1 && parts[0].IsLayer;
        var value = isLayer ? "layer" : "model";
        var name = isOnly ? Name : block.IsUniform ? $"{Name}For{block.Activation}" : "Initialize" + char.ToUpperInvariant(parts[0].Member![0]) + parts[0].Member!.Substring(1);
        var method = new InitializingMethod(name, types.Length == 1 ? types[0] : null, value, [isLayer ? block.ToLayerStatement(value) : block.ToStatement(value, wish => wish)]);
        return parts.Select(part => part.Made).Distinct().Select(made => (EditStep)((edit, token) => method.WrapAsync(edit, made, token)));
    }
}

/// <summary>A matrix of a model.</summary>
/// <param name="Index">Among the parameters before the edit.</param>
/// <param name="Path">Its name after the edit.</param>
/// <param name="Fitting">How it is drawn anew; null where it is left as it is.</param>
internal sealed record DrawnWeight(int Index, string Path, FittingInitialization? Fitting);
