using GradLint.CodeFixes.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Models;

/// <summary>The types of the fields, locals and lists that hold wrapped layers from now on.</summary>
/// <param name="wrapped">What makes the layers that are wrapped.</param>
internal sealed class WrappedTypes(IReadOnlyList<InvocationExpressionSyntax> wrapped)
{
    private readonly List<EditStep> _steps = [];

    public IReadOnlyList<EditStep> Steps => _steps;

    /// <summary>False where a layer is put into something whose type cannot change with it.</summary>
    public bool TryAdd(InvocationExpressionSyntax made, CodeSite site, WrapperCall call, CancellationToken cancellationToken)
    {
        if (LayerHolder.Of(made, site.Model, cancellationToken) is not { } holder)
            return false;
        if (!holder.IsOfItsOwnType || holder.IsImplicitlyTyped)
            return true;
        var type = holder.Declaration switch
        {
            PropertyDeclarationSyntax property => property.Type,
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax variables } when variables.Variables.All(IsWrapped) => variables.Type,
            _ => null,
        };
        if (type is null)
            return false;
        Replace(type, call);
        return true;

        bool IsWrapped(VariableDeclaratorSyntax variable) => wrapped.Any(other =>
            LayerHolder.Of(other, site.Model, cancellationToken) is { } holder && holder.Declaration == variable);
    }

    /// <summary>A <c>ModuleList&lt;Linear&gt;</c> that the layer is added to becomes one of what wraps it.</summary>
    public void AddElement(InvocationExpressionSyntax made, CodeSite site, WrapperCall call, CancellationToken cancellationToken)
    {
        if (made.Parent is not ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var receiver } } }
            || site.Model.GetSymbolInfo(receiver, cancellationToken).Symbol is not { } list
            || list.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration }
            || declaration.SyntaxTree != made.SyntaxTree)
        {
            return;
        }

        var assigned = made.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(assignment => SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol, list)).Select(assignment => assignment.Right);
        foreach (var argument in new SyntaxNode[] { declaration }.Concat(assigned ?? []).SelectMany(node => node.DescendantNodes()).OfType<TypeArgumentListSyntax>().SelectMany(types => types.Arguments))
        {
            if (SymbolEqualityComparer.Default.Equals(site.Model.GetTypeInfo(argument, cancellationToken).Type, site.Model.GetTypeInfo(made, cancellationToken).Type))
                Replace(argument, call);
        }
    }

    private void Replace(TypeSyntax type, WrapperCall call) => _steps.Add(async (solution, token) =>
    {
        if (!solution.IsFirst(type) || await solution.EditorAsync(type.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
            return;
        var name = call.Class.NameFor(solution, editor);
        editor.ReplaceNode(type, (current, _) => SyntaxFactory.ParseTypeName(name).WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(current));
    });
}
