using GradLint.CodeFixes.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Models;

/// <summary>The types of the fields and locals that hold wrapped layers from now on.</summary>
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
        _steps.Add(async (solution, token) =>
        {
            if (!solution.IsFirst(type) || await solution.EditorAsync(type.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
                return;
            var name = call.Class.NameFor(solution, editor);
            editor.ReplaceNode(type, (current, _) => SyntaxFactory.ParseTypeName(name).WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(current));
        });
        return true;

        bool IsWrapped(VariableDeclaratorSyntax variable) => wrapped.Any(other =>
            LayerHolder.Of(other, site.Model, cancellationToken) is { } holder && holder.Declaration == variable);
    }
}
