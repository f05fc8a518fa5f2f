using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Framework;

/// <summary>Statements that work on a layer.</summary>
/// <param name="layer">The expression for it.</param>
/// <param name="freeName">Makes names for the variables of a loop.</param>
internal delegate StatementSyntax[] LayerStatements(string layer, Func<string, string> freeName);

/// <summary>What is done to a layer once it is made.</summary>
/// <param name="Method">What a method is called that does it.</param>
/// <param name="Value">What its parameter is called.</param>
/// <param name="Type">The layer's type, in full.</param>
/// <param name="Statements">The code.</param>
internal sealed record LayerCode(string Method, string Value, string Type, LayerStatements Statements);

/// <summary>Puts code after a layer is made.</summary>
internal delegate Task LayerEdit(SolutionEdit edit, LayerCode code, CancellationToken cancellationToken);

/// <summary>The field, property or local that a layer is put into when it is made, and where code can follow that works on it.</summary>
internal sealed class LayerHolder
{
    private readonly ExpressionSyntax _creation;
    private readonly SemanticModel _model;

    private LayerHolder(ExpressionSyntax creation, ISymbol symbol, SyntaxNode declaration, SemanticModel model) =>
        (_creation, Symbol, Declaration, _model) = (creation, symbol, declaration, model);

    public ISymbol Symbol { get; }

    /// <summary>The declarator of a field or local, or the declaration of a property.</summary>
    public SyntaxNode Declaration { get; }

    /// <summary>The declared type; null where it is <c>var</c> or shared with other variables.</summary>
    public TypeSyntax? Type => Declaration switch
    {
        VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Type: { IsVar: false } type } } => type,
        PropertyDeclarationSyntax property => property.Type,
        _ => null,
    };

    /// <summary>Whether the holder is <c>var</c>, and takes whatever type it is given.</summary>
    public bool IsImplicitlyTyped => Declaration is VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true } };

    /// <summary>Whether the holder has the layer's own type, with the layer's own members.</summary>
    public bool IsOfItsOwnType => SymbolEqualityComparer.Default.Equals(
        (Symbol as IFieldSymbol)?.Type ?? (Symbol as ILocalSymbol)?.Type ?? ((IPropertySymbol)Symbol).Type, _model.GetTypeInfo(_creation).Type);

    /// <summary>What the layer that <paramref name="creation"/> makes is put into; null when it goes elsewhere.</summary>
    public static LayerHolder? Of(ExpressionSyntax creation, SemanticModel model, CancellationToken cancellationToken)
    {
        var symbol = creation.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } => model.GetDeclaredSymbol(variable, cancellationToken),
            EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } => model.GetDeclaredSymbol(property, cancellationToken),
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment when assignment.Right == creation =>
                model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol,
            _ => null,
        };
        return symbol is IFieldSymbol or IPropertySymbol or ILocalSymbol && symbol.DeclaringSyntaxReferences.Length == 1
            ? new(creation, symbol, symbol.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken), model)
            : null;
    }

    /// <summary>
    /// Puts code after a layer is made: after the statement that makes it, or for an initialised member at the end of every
    /// constructor; where no statement can follow, in a method that the layer goes through. Null where there is no place.
    /// </summary>
    public static LayerEdit? After(ExpressionSyntax creation, SemanticModel model, CancellationToken cancellationToken) =>
        Of(creation, model, cancellationToken)?.Appender(cancellationToken) ?? (InitializingMethod.CanWrap(creation)
            ? (edit, code, token) => new InitializingMethod(code.Method, code.Type, code.Value, code.Statements(code.Value, wish => wish)).WrapAsync(edit, creation, token)
            : null);

    private LayerEdit? Appender(CancellationToken cancellationToken)
    {
        if (_creation.Parent is AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } assignment)
            return StatementPlace.Of(assignment) is { } place ? After(place, assignment.Left.WithoutTrivia().ToString()) : null;
        if (Symbol is ILocalSymbol)
            return _creation.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { Declaration.Variables.Count: 1 } local && StatementPlace.Of(local) is { } at ? After(at, Symbol.Name) : null;
        if (Symbol is { IsStatic: true } || Symbol.ContainingType is not { } type || !_creation.Ancestors().OfType<EqualsValueClauseSyntax>().Any())
            return null;

        // A primary constructor has no body.
        var constructors = ConstructorEdits.OwnConstructors(type, cancellationToken).ToArray();
        return constructors.Length == 0 || type.InstanceConstructors.Any(constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken) is not ConstructorDeclarationSyntax))
            ? null
            : (edit, code, token) => AppendAsync(edit, constructors, code.Statements, token);
    }

    private LayerEdit After(StatementPlace place, string name) => async (edit, code, token) =>
    {
        if (await edit.EditorAsync(place.Statement.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
            return;
        var written = code.Statements(name, NewName.InnerSource(_model, place.Statement.SpanStart));
        written[0] = written[0].ApartFrom(place.Statement);
        place.InsertAfter(editor, written);
    };

    private async Task AppendAsync(
        SolutionEdit edit, IReadOnlyList<ConstructorDeclarationSyntax> constructors, LayerStatements statements, CancellationToken cancellationToken)
    {
        foreach (var constructor in constructors)
        {
            if (await edit.EditorAsync(constructor.SyntaxTree, cancellationToken).ConfigureAwait(false) is not { } editor)
                continue;
            var hides = constructor.ParameterList.Parameters.Any(parameter => parameter.Identifier.ValueText == Symbol.Name);
            var code = statements(hides ? $"this.{Symbol.Name}" : Symbol.Name, NewName.InnerSource(editor.SemanticModel, constructor.Body?.OpenBraceToken.Span.End ?? constructor.ExpressionBody!.Expression.SpanStart));
            editor.ReplaceNode(constructor, (current, _) => ((ConstructorDeclarationSyntax)current).WithAppended(code));
        }
    }
}
