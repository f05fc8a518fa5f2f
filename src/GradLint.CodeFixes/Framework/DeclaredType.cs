using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Framework;

/// <summary>The type that code states for a new layer or loss, which has to change when another one is made in its place.</summary>
/// <param name="Type">Where it is written; null where none is, or one that holds the other as well.</param>
/// <param name="CanChange">Whether nothing else depends on it.</param>
internal sealed record DeclaredType(TypeSyntax? Type, bool CanChange)
{
    public static DeclaredType Of(InvocationExpressionSyntax creation, CodeSite site, CancellationToken cancellationToken)
    {
        var info = site.Model.GetTypeInfo(creation, cancellationToken);
        var isHeldAsBase = !SymbolEqualityComparer.Default.Equals(info.Type, info.ConvertedType);
        if (!site.Types.IsModule(info.Type) || isHeldAsBase || creation.Parent is MemberAccessExpressionSyntax or ArgumentSyntax { Parent: TupleExpressionSyntax })
            return new(null, true);
        var declaration = creation.Parent switch
        {
            EqualsValueClauseSyntax { Parent: { } initialized } => initialized,
            AssignmentExpressionSyntax assignment when assignment.Right == creation =>
                site.Model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken),
            _ => null,
        };
        return declaration switch
        {
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } variable } when variable.Type.IsVar => new(null, true),
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } variable } => Named(variable.Type, info.Type!),
            PropertyDeclarationSyntax property => Named(property.Type, info.Type!),
            _ => new(null, false),
        };
    }

    public async Task RenameAsync(string name, SolutionEdit edit, CancellationToken cancellationToken)
    {
        if (Type is null || await edit.EditorAsync(Type.SyntaxTree, cancellationToken).ConfigureAwait(false) is not { } editor || !edit.IsFirst(Type))
            return;
        var last = Type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last();
        editor.ReplaceNode(last, SyntaxFactory.IdentifierName(name).WithTriviaFrom(last));
    }

    private static DeclaredType Named(TypeSyntax type, ITypeSymbol made) =>
        type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().LastOrDefault()?.Identifier.ValueText == made.Name ? new(type, true) : new(null, false);
}
