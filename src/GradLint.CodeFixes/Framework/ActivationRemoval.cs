using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// Takes an activation out of the flow, in the form that it has: a function or tensor method, an element of a
/// <c>Sequential</c>, or a layer that is called; a layer that nothing uses any more goes with its call.
/// </summary>
internal sealed class ActivationRemoval
{
    private static readonly HashSet<string> Appending = [Member.Add, Member.Append, Member.AddModule];

    private readonly List<Action<SolutionEdit, DocumentEditor>> _edits = [];

    private ActivationRemoval(SyntaxTree tree) => Tree = tree;

    public SyntaxTree Tree { get; }

    /// <summary>The edit, or null where none is certain.</summary>
    /// <param name="construction">Where the activation is made.</param>
    /// <param name="use">Where it is applied: the same place for a function.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <param name="alsoRemoved">Other calls that go as well: a layer that only they use goes with them.</param>
    public static ActivationRemoval? Of(CodeSite construction, CodeSite use, CancellationToken cancellationToken, IReadOnlyCollection<SyntaxNode>? alsoRemoved = null)
    {
        if (CallAt(construction) is not { } made)
            return null;
        var removal = new ActivationRemoval(made.SyntaxTree);
        if (construction.Node == use.Node)
            return removal.Skip(made, construction.Model, cancellationToken) ? removal : null;
        if (ListElement.Around(made) is { } element && element.Parent is not ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: Member.Call or Member.Forward } } })
            return removal.RemoveElement(element) ? removal : null;
        if (CallAt(use) is not { Expression: MemberAccessExpressionSyntax { Expression: { } layer } } call || call.SyntaxTree != made.SyntaxTree)
            return null;
        var holder = layer.Span == made.Span ? null : construction.Model.GetSymbolInfo(layer, cancellationToken).Symbol;
        if (layer.Span != made.Span && !Holds(holder, made, construction.Model, cancellationToken) || !removal.Skip(call, use.Model, cancellationToken))
            return null;
        removal.RemoveIfUnused(holder, made, [layer, .. (alsoRemoved ?? []).OfType<InvocationExpressionSyntax>().Select(other => other.Expression)], construction.Model, cancellationToken);
        return removal;
    }

    public async Task ApplyAsync(SolutionEdit edit, CancellationToken cancellationToken)
    {
        if (await edit.EditorAsync(Tree, cancellationToken).ConfigureAwait(false) is not { } editor)
            return;
        foreach (var step in _edits)
            step(edit, editor);
    }

    private static InvocationExpressionSyntax? CallAt(CodeSite site) =>
        site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call && call.Span == site.Node.Span ? call : null;

    /// <summary>Whether a field, property or local is set to what a call makes.</summary>
    private static bool Holds(ISymbol? holder, InvocationExpressionSyntax made, SemanticModel model, CancellationToken cancellationToken) => holder is not null && made.Parent switch
    {
        EqualsValueClauseSyntax { Parent: { } declaration } => SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(declaration, cancellationToken), holder),
        AssignmentExpressionSyntax assignment when assignment.Right == made => SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol, holder),
        _ => false,
    };

    /// <summary>Puts what a call is applied to in the place of the call.</summary>
    private bool Skip(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method || call.Parent is ExpressionStatementSyntax)
            return false;
        var isApplied = method.IsStatic || method.Name is Member.Call or Member.Forward;
        var position = isApplied ? InputPosition(call, method) : -1;
        if (isApplied ? position < 0 : call.Expression is not MemberAccessExpressionSyntax)
            return false;
        if (call.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement } assignment
            && SyntaxFactory.AreEquivalent(assignment.Left, Input(call, position)))
        {
            // output = output.softmax(1);
            var whole = statement.Parent is GlobalStatementSyntax wrapper ? wrapper : (SyntaxNode)statement;
            _edits.Add((edit, editor) =>
            {
                if (edit.IsFirst(whole))
                    editor.RemoveNode(whole, SyntaxRemoveOptions.KeepUnbalancedDirectives);
            });
            return true;
        }

        _edits.Add((edit, editor) =>
        {
            if (edit.IsFirst(call))
                editor.ReplaceNode(call, (current, _) => Standing(Input((InvocationExpressionSyntax)current, position)).WithTriviaFrom(current));
        });
        return true;
    }

    private static int InputPosition(InvocationExpressionSyntax call, IMethodSymbol method)
    {
        var arguments = call.ArgumentList.Arguments;
        var named = arguments.IndexOf(argument => argument.NameColon?.Name.Identifier.ValueText == method.Parameters[0].Name);
        return named >= 0 ? named : arguments.Count > 0 && arguments[0].NameColon is null ? 0 : -1;
    }

    private static ExpressionSyntax Input(InvocationExpressionSyntax call, int position) =>
        position >= 0 ? call.ArgumentList.Arguments[position].Expression : ((MemberAccessExpressionSyntax)call.Expression).Expression;

    private static ExpressionSyntax Standing(ExpressionSyntax input) => input is BinaryExpressionSyntax or ConditionalExpressionSyntax or PrefixUnaryExpressionSyntax
        ? SyntaxFactory.ParenthesizedExpression(input.WithoutTrivia()).WithAdditionalAnnotations(Simplifier.Annotation)
        : input;

    private bool RemoveElement(SyntaxNode element)
    {
        if (element.Parent is ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, Parent: ExpressionStatementSyntax statement } }
            && Appending.Contains(access.Name.Identifier.ValueText))
        {
            if (StatementPlace.Of(statement) is not { } place)
                return false;
            _edits.Add((edit, editor) =>
            {
                if (edit.IsFirst(place.Node))
                    editor.RemoveNode(place.Node, SyntaxRemoveOptions.KeepUnbalancedDirectives);
            });
            return true;
        }

        if (!ListElement.HasSiblings(element))
            return false;
        _edits.Add((edit, editor) =>
        {
            if (edit.IsFirst(element))
                ListElement.Remove(element, editor);
        });
        return true;
    }

    /// <summary>The field or local of a layer whose calls are gone, with what it is assigned.</summary>
    private void RemoveIfUnused(ISymbol? holder, InvocationExpressionSyntax made, IReadOnlyList<ExpressionSyntax> uses, SemanticModel model, CancellationToken cancellationToken)
    {
        if (holder is not (ILocalSymbol or IFieldSymbol { DeclaredAccessibility: Accessibility.Private, ContainingType.DeclaringSyntaxReferences.Length: 1 })
            || holder.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Parent: { } declaration } variables } declarator)
        {
            return;
        }

        var scope = declaration.Parent is GlobalStatementSyntax ? declaration.SyntaxTree.GetRoot(cancellationToken) : declaration.Parent!;
        var others = scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == holder.Name && !uses.Any(use => use.SyntaxTree == name.SyntaxTree && use.Span.Contains(name.Span)) && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, holder))
            .ToArray();
        var assignment = (made.Parent as AssignmentExpressionSyntax)?.Parent as ExpressionStatementSyntax;
        if (others.Any(name => assignment is null || !assignment.Span.Contains(name.Span)) || assignment is { Parent: not BlockSyntax })
            return;
        var removed = variables.Variables.Count > 1 ? declarator : declaration.Parent is GlobalStatementSyntax wrapper ? wrapper : (SyntaxNode)declaration;
        _edits.Add((edit, editor) =>
        {
            if (!edit.IsFirst(removed))
                return;
            editor.RemoveNode(removed, SyntaxRemoveOptions.KeepUnbalancedDirectives);
            if (assignment is not null)
                editor.RemoveNode(assignment, SyntaxRemoveOptions.KeepUnbalancedDirectives);
        });
    }
}
