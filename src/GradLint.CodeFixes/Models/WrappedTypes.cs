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
    private const string Stem = "block";

    private readonly List<EditStep> _steps = [];
    private readonly Dictionary<FieldDeclarationSyntax, List<(VariableDeclaratorSyntax Variable, AppliedBlock Block)>> _shared = [];

    public IReadOnlyList<EditStep> Steps => [.. _steps, .. _shared.Select(pair => Split(pair.Key, pair.Value))];

    /// <summary>False where a layer is put into something whose type cannot change with it.</summary>
    public bool TryAdd(AppliedBlock block, CancellationToken cancellationToken)
    {
        if (LayerHolder.Of(block.Made, block.Site.Model, cancellationToken) is not { } holder)
            return false;
        if (!holder.IsOfItsOwnType || holder.IsImplicitlyTyped)
            return true;
        switch (holder.Declaration)
        {
            case PropertyDeclarationSyntax property:
                Replace(property.Type, block.Call);
                return true;
            case VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax variables } when variables.Variables.All(IsWrapped):
                Replace(variables.Type, block.Call);
                return true;
            case VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax field } variable:
                if (!_shared.TryGetValue(field, out var others))
                    _shared.Add(field, others = []);
                others.Add((variable, block));
                return true;
            default:
                return false;
        }

        bool IsWrapped(VariableDeclaratorSyntax variable) => wrapped.Any(other =>
            LayerHolder.Of(other, block.Site.Model, cancellationToken) is { } holder && holder.Declaration == variable);
    }

    /// <summary>A <c>ModuleList&lt;Linear&gt;</c> that the layer is added to becomes one of what wraps it.</summary>
    public void AddElement(AppliedBlock block, CancellationToken cancellationToken)
    {
        var (made, site) = (block.Made, block.Site);
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
                Replace(argument, block.Call);
        }
    }

    private void Replace(TypeSyntax type, WrapperCall call) => _steps.Add(async (solution, token) =>
    {
        if (!solution.IsFirst(type) || await solution.EditorAsync(type.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
            return;
        var name = call.Class.NameFor(solution, editor);
        editor.ReplaceNode(type, (current, _) => SyntaxFactory.ParseTypeName(name).WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(current));
    });

    /// <summary>Fields that share a declaration with others get one of their own after it.</summary>
    private static EditStep Split(FieldDeclarationSyntax field, IReadOnlyList<(VariableDeclaratorSyntax Variable, AppliedBlock Block)> wrapped) => async (solution, token) =>
    {
        if (!solution.IsFirst(field, Stem) || await solution.EditorAsync(field.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
            return;
        var type = wrapped[0].Block.Call.Class.NameFor(solution, editor);
        var fields = wrapped.Select(one => one.Variable.Identifier.ValueText + (one.Variable.Initializer is null ? "" : $" = {one.Block.Around(type, one.Block.Made)}"));
        var declaration = SyntaxFactory.ParseMemberDeclaration($"{field.Modifiers.ToString()} {type} {string.Join(", ", fields)};")!;
        var indentation = field.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        editor.InsertAfter(field, InitializerCode.Simplifiable(declaration).WithLeadingTrivia(indentation).WithTrailingTrivia(LineEnding.FirstOf(editor.OriginalRoot)));
        foreach (var (variable, _) in wrapped)
            editor.RemoveNode(variable, SyntaxRemoveOptions.KeepNoTrivia);
    };
}
