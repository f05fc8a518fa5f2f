using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// The collection that a layer is made as an element of, with those that it is handed on to: from a local <c>List&lt;Linear&gt;</c>
/// to the <c>ModuleList&lt;Linear&gt;</c> in a field, as far as one file shows.
/// </summary>
internal sealed class ElementCollection
{
    private readonly HashSet<TypeSyntax> _types = [];
    private readonly List<ExpressionSyntax> _values = [];
    private readonly List<ExpressionSyntax> _uses = [];
    private readonly ITypeSymbol _element;
    private readonly SemanticModel _model;
    private readonly CancellationToken _cancellationToken;

    private ElementCollection(ITypeSymbol element, SemanticModel model, CancellationToken cancellationToken) =>
        (_element, _model, _cancellationToken) = (element, model, cancellationToken);

    /// <summary>Where the element's type is written as that of all elements, and of variables of loops over them.</summary>
    public IReadOnlyCollection<TypeSyntax> Types => _types;

    /// <summary>What is put into the collections: by an initialiser, an assignment, or a call that adds to them.</summary>
    public IReadOnlyList<ExpressionSyntax> Values => _values;

    /// <summary>Where the collections are named, apart from that.</summary>
    public IReadOnlyList<ExpressionSyntax> Uses => _uses;

    /// <summary>The collection around an expression that makes a layer; null where it is put into a variable of its own, or passed elsewhere.</summary>
    public static ElementCollection? Around(ExpressionSyntax layer, SemanticModel model, CancellationToken cancellationToken)
    {
        if (layer.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax or MemberAccessExpressionSyntax || model.GetTypeInfo(layer, cancellationToken).Type is not { } type)
            return null;
        var collection = new ElementCollection(type, model, cancellationToken);
        collection.Follow(layer);
        return collection._values.Count > 0 ? collection : null;
    }

    private void Follow(ExpressionSyntax layer)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var pending = new Queue<ExpressionSyntax>([layer]);
        while (pending.Count > 0)
        {
            var expression = pending.Dequeue();
            if (HolderOf(expression) is not { } holder)
            {
                if (expression != layer)
                    _uses.Add(expression);
                continue;
            }

            Put(holder.Value);
            if (!seen.Add(holder.Symbol) || holder.Symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellationToken) is not { } declaration || declaration.SyntaxTree != layer.SyntaxTree)
                continue;
            AddTypes(declaration is VariableDeclaratorSyntax ? ((VariableDeclarationSyntax)declaration.Parent!).Type : declaration is PropertyDeclarationSyntax property ? property.Type : declaration);
            if (declaration is VariableDeclaratorSyntax { Initializer.Value: { } initial })
                Put(initial);
            foreach (var use in UsesOf(holder.Symbol, declaration))
                pending.Enqueue(use);
        }
    }

    private IEnumerable<ExpressionSyntax> UsesOf(ISymbol symbol, SyntaxNode declaration)
    {
        var scope = declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? declaration.SyntaxTree.GetRoot(_cancellationToken);
        foreach (var name in scope.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(name, _cancellationToken).Symbol, symbol)))
        {
            var use = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own : (ExpressionSyntax)name;
            switch (use.Parent)
            {
                case AssignmentExpressionSyntax assignment when assignment.Left == use:
                    Put(assignment.Right);
                    break;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax { Parent: ExpressionStatementSyntax } call } access when access.Expression == use:
                    _values.AddRange(call.ArgumentList.Arguments.Select(argument => argument.Expression));
                    break;
                case ForEachStatementSyntax loop when loop.Expression == use:
                    AddTypes(loop.Type);
                    yield return use;
                    break;
                default:
                    yield return use;
                    break;
            }
        }
    }

    /// <summary>What an expression goes into: an initialised or assigned variable, or the collection that it is added to.</summary>
    private (ISymbol Symbol, ExpressionSyntax Value)? HolderOf(ExpressionSyntax expression)
    {
        foreach (var node in expression.AncestorsAndSelf().TakeWhile(node => node is not StatementSyntax and not MemberDeclarationSyntax))
        {
            var (target, value) = node.Parent switch
            {
                EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax or PropertyDeclarationSyntax } clause => (_model.GetDeclaredSymbol(clause.Parent!, _cancellationToken), clause.Value),
                AssignmentExpressionSyntax assignment when assignment.Right == node => (_model.GetSymbolInfo(assignment.Left, _cancellationToken).Symbol, assignment.Right),
                ArgumentSyntax { Expression: { } argument, Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, Parent: ExpressionStatementSyntax } } =>
                    (_model.GetSymbolInfo(access.Expression, _cancellationToken).Symbol, argument),
                _ => (null, null),
            };
            if (target is not null && IsCollection(target))
                return (target, value!);
        }

        return null;
    }

    /// <summary>Whether a variable has the element's type within its own.</summary>
    private bool IsCollection(ISymbol variable) => variable switch
    {
        IFieldSymbol field => HasElement(field.Type),
        IPropertySymbol property => HasElement(property.Type),
        ILocalSymbol local => HasElement(local.Type),
        _ => false,
    };

    private bool HasElement(ITypeSymbol type) =>
        type is IArrayTypeSymbol array ? SymbolEqualityComparer.Default.Equals(array.ElementType, _element)
        : type is INamedTypeSymbol { TypeArguments.Length: 1 } named && SymbolEqualityComparer.Default.Equals(named.TypeArguments[0], _element);

    private void Put(ExpressionSyntax value)
    {
        _values.Add(value);
        AddTypes(value);
    }

    private void AddTypes(SyntaxNode place) => _types.UnionWith(place.DescendantNodesAndSelf().OfType<TypeSyntax>().Where(name =>
        !name.IsVar && (name == place || name.Parent is TypeArgumentListSyntax or ArrayTypeSyntax) && SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(name, _cancellationToken).Symbol, _element)));
}
