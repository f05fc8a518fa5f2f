using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// Norms for the layers of a collection that a loop applies: each becomes a <c>Sequential</c> of the layer and a norm of its
/// own, and <c>ModuleList&lt;Linear&gt;</c> a <c>ModuleList&lt;Sequential&gt;</c>; the loop stays as it is.
/// </summary>
internal static class NormElements
{
    private const string Stem = "norm";

    /// <summary>Null where one of the layers is not made as an element, or its width cannot be told there.</summary>
    public static async Task<IReadOnlyList<EditStep>?> AfterAsync(AnalysedModel model, IReadOnlyList<InsertedNorm> norms, CancellationToken cancellationToken)
    {
        var steps = new List<EditStep>();
        foreach (var alike in norms.GroupBy(norm => model.Graph.Nodes[norm.Layer].Construction))
        {
            var norm = alike.First();
            if (await model.SiteAsync(alike.Key, cancellationToken).ConfigureAwait(false) is not { Node: InvocationExpressionSyntax made } layer
                || layer.Model.GetTypeInfo(made, cancellationToken).Type is not { } type
                || made.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax or MemberAccessExpressionSyntax
                || alike.Any(other => other.Kind != norm.Kind || IsInRow(other))
                || WidthExpression.At(layer, model.Graph.Nodes[norm.Layer].Kind, made, norm.Width, cancellationToken) is not { } width
                || width is LiteralExpressionSyntax && alike.Any(other => other.Width != norm.Width))
            {
                return null;
            }

            steps.Add(async (edit, token) =>
            {
                if (!edit.IsFirst(made, Stem) || await edit.EditorAsync(made.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
                    return;
                editor.ReplaceNode(made, (current, _) => LayerCall
                    .Like(made, TorchSharpNames.Functions.Sequential, (ExpressionSyntax)current.WithoutTrivia(), LayerCall.Like(made, LayerTable.Describe(norm.Kind).Modules[0], width))
                    .WithTriviaFrom(current));
                foreach (var name in ElementTypes(made, type, layer.Model, token).Where(name => edit.IsFirst(name)))
                {
                    editor.ReplaceNode(name, (current, _) => SyntaxFactory.ParseTypeName(QualifiedName.Full(TorchSharpNames.Types.Sequential))
                        .WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(current));
                }
            });
        }

        return steps;

        // Of a row that is applied as it stands, the norm would be an element of its own.
        bool IsInRow(InsertedNorm norm) => Parent(model.Graph.Nodes[norm.Activation].Path) is { } row && row == Parent(model.Graph.Nodes[norm.Layer].Path);

        static string? Parent(string? path) => path?.Substring(0, Math.Max(path.LastIndexOf('.'), 0));
    }

    /// <summary>Where the layer's type stands for that of the elements: of the collections that it goes into, one after the other, and of the loops over them.</summary>
    private static IReadOnlyCollection<TypeSyntax> ElementTypes(ExpressionSyntax layer, ITypeSymbol type, SemanticModel model, CancellationToken cancellationToken)
    {
        var names = new HashSet<TypeSyntax>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var pending = new Queue<SyntaxNode>([layer]);
        while (pending.Count > 0)
        {
            var node = pending.Dequeue();
            var holder = node.Ancestors().TakeWhile(ancestor => ancestor is not MemberDeclarationSyntax || ancestor is BaseFieldDeclarationSyntax or PropertyDeclarationSyntax).Select(Holder).FirstOrDefault(symbol => symbol is not null);
            if (node.FirstAncestorOrSelf<ForEachStatementSyntax>(loop => loop.Expression == node || loop.Expression == node.Parent) is { } loop)
                Add(loop.Type);
            if (holder is null || !seen.Add(holder) || holder.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is not { } declaration || declaration.SyntaxTree != layer.SyntaxTree)
                continue;
            Add(declaration is VariableDeclaratorSyntax ? declaration.Parent! : declaration);
            var scope = declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>(member => member is not GlobalStatementSyntax)?.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? declaration.SyntaxTree.GetRoot(cancellationToken);
            foreach (var use in scope.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == holder.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, holder)))
            {
                if (use.FirstAncestorOrSelf<AssignmentExpressionSyntax>(assignment => assignment.Left.Span.Contains(use.Span)) is { } assigned)
                    Add(assigned.Right);
                pending.Enqueue(use);
            }
        }

        return names;

        void Add(SyntaxNode place) => names.UnionWith(place.DescendantNodesAndSelf().OfType<TypeSyntax>().Where(name =>
            !name.IsVar && (name == place || name.Parent is TypeArgumentListSyntax or ArrayTypeSyntax) && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, type)));

        // What the expression goes into: an initialised or assigned variable, or the collection that it is added to.
        ISymbol? Holder(SyntaxNode ancestor) => ancestor switch
        {
            VariableDeclaratorSyntax { Initializer: not null } or PropertyDeclarationSyntax { Initializer: not null } => model.GetDeclaredSymbol(ancestor, cancellationToken),
            AssignmentExpressionSyntax assignment => model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, Parent: ExpressionStatementSyntax } => model.GetSymbolInfo(access.Expression, cancellationToken).Symbol,
            _ => null,
        };
    }
}
